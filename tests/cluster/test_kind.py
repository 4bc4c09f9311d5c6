"""What kind is told."""

from e2e.cluster.kind import API_PORT, configuration


def test_one_node_with_the_node_ports_at_the_address() -> None:
    document = configuration("198.18.250.2", workers=0, api_server_outside=True)
    assert document["nodes"] == [
        {
            "role": "control-plane",
            "extraPortMappings": [
                {"containerPort": port, "hostPort": port, "listenAddress": "198.18.250.2"}
                for port in (30080, 30081, 30082, 30083, 30084, 30085)
            ],
        }
    ]


def test_workers_are_nodes_without_ports() -> None:
    nodes = configuration("127.0.0.1", workers=2, api_server_outside=False)["nodes"]
    assert isinstance(nodes, list)
    assert nodes[1:] == [{"role": "worker"}, {"role": "worker"}]


def test_an_engine_in_another_namespace_has_the_api_server_at_its_address() -> None:
    document = configuration("198.18.250.2", workers=0, api_server_outside=True)
    assert document["networking"] == {"apiServerAddress": "198.18.250.2", "apiServerPort": API_PORT}


def test_an_engine_of_the_host_is_left_to_kind() -> None:
    assert "networking" not in configuration("127.0.0.1", workers=0, api_server_outside=False)
