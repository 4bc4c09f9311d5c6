"""FlowerMonitors of somebody who means no good, and children that are deleted and bent while they are made."""
