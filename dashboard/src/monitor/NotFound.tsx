import { Link } from '@tanstack/react-router';
import { Empty } from '../components/States';

export function NotFound() {
  return (
    <Empty
      title="There is no such page"
      why="The address is not one of this monitor's pages."
      action={
        <Link to="/tasks" className="button">
          All tasks
        </Link>
      }
    />
  );
}
