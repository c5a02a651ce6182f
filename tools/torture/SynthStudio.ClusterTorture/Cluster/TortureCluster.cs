using System.Globalization;
using System.Net;
using Grpc.Net.Client;
using Npgsql;

namespace SynthStudio.ClusterTorture;

/// <summary>
/// Two silos that decide and compute, one that computes only and is labelled to have an accelerator, two API replicas, PostgreSQL, Redis
/// and an S3 server, each a process of its own. What they say to each other goes through lines that can be cut.
/// </summary>
internal sealed class TortureCluster : IAsyncDisposable
{
    public const string Database = "postgres", Store = "s3", Cache = "redis";

    /// <summary>What the silo that only computes says that it has (<see cref="LabelledWorker"/>).</summary>
    public const string Accelerator = "cuda";

    /// <summary>A worker that is silent for so long is killed; longer than workers are stopped for a while, on a machine where everything is slow.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(45);

    private const string Loopback = "127.0.0.1", BehindLines = "127.0.0.2";
    private const int DiskMegabytes = 64;

    private readonly List<IAsyncDisposable> _owned = [];
    private readonly List<Node> _nodes = [];

    private TortureCluster(ClusterServers servers, ClusterProcesses processes, int seed, string host) =>
        (Servers, Processes, Seed, Host) = (servers, processes, seed, host);

    public Network Network { get; } = new();

    public ClusterServers Servers { get; }

    public ClusterProcesses Processes { get; }

    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Connections to the API replicas, as an administrator; they outlive the processes behind them.</summary>
    public IReadOnlyList<GrpcChannel> Replicas { get; private set; } = [];

    /// <summary>Held while something is done to a server.</summary>
    public IReadOnlyDictionary<string, SemaphoreSlim> Gates { get; } = new Dictionary<string, SemaphoreSlim>
    {
        [Database] = new(1), [Store] = new(1), [Cache] = new(1), ["network"] = new(1),
    };

    private int Seed { get; }

    /// <summary>The executable that all processes are started from at first.</summary>
    private string Host { get; }

    /// <summary>Starts everything and waits until it serves.</summary>
    /// <param name="seed">Decides what the lines do.</param>
    /// <param name="checkout">The version that is started.</param>
    /// <param name="moves">Whether it is to move rows from and to a database on this machine.</param>
    /// <param name="hears">Whether its silos kill workers that fall silent.</param>
    public static async Task<TortureCluster> StartAsync(int seed, string checkout, bool moves, bool hears)
    {
        var starting = (Postgres: PostgresServer.StartAsync(), S3: S3Server.StartAsync(), Redis: RedisServer.StartAsync());
        var servers = new ClusterServers(await starting.Postgres, await starting.S3, await starting.Redis);
        TortureCluster? cluster = null;
        try
        {
            cluster = new TortureCluster(servers, await ClusterProcesses.CreateAsync(servers, Repository.SynthOf(checkout)), seed, Repository.SiloOf(checkout));
            await cluster.BuildAsync(moves, hears);
            await cluster._nodes[0].StartAsync(); // The others find a cluster, and the machine is not asked to start everything at once.
            await Task.WhenAll(cluster._nodes.Skip(1).Select(n => n.StartAsync()));
            return cluster;
        }
        catch
        {
            if (cluster is not null) await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The jobs that are leased to a silo now, by the queue itself; none when the database does not answer.</summary>
    public async Task<IReadOnlyList<(string Job, long Epoch)>> LeasesOfAsync(Node silo)
    {
        try
        {
            await using var source = Ask();
            await using var command = source.CreateCommand("SELECT job, epoch FROM synthstudio.work_queue WHERE holder LIKE @holder");
            command.Parameters.AddWithValue("holder", string.Create(CultureInfo.InvariantCulture, $"%{Loopback}:{silo.SiloPort}@%"));
            await using var rows = await command.ExecuteReaderAsync();
            var leases = new List<(string, long)>();
            while (await rows.ReadAsync()) leases.Add((rows.GetString(0), rows.GetInt64(1)));
            return leases;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return [];
        }
    }

    /// <summary>The silos, by their ports, that hold jobs which need the accelerator; empty when the database does not answer.</summary>
    public async Task<IReadOnlyList<(string Job, string Holder)>> AcceleratedAsync()
    {
        try
        {
            await using var source = Ask();
            await using var command = source.CreateCommand("SELECT job, coalesce(holder, '') FROM synthstudio.work_queue WHERE accelerator = @accelerator");
            command.Parameters.AddWithValue("accelerator", Accelerator);
            await using var rows = await command.ExecuteReaderAsync();
            var jobs = new List<(string, string)>();
            while (await rows.ReadAsync()) jobs.Add((rows.GetString(0), rows.GetString(1)));
            return jobs;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return [];
        }
    }

    /// <summary>Whether the cluster's members list has declared a silo's newest process dead; null when the database does not answer.</summary>
    public async Task<bool?> IsDeclaredDeadAsync(Node silo)
    {
        const int Dead = 6;
        try
        {
            await using var source = Ask();
            await using var command = source.CreateCommand("SELECT status FROM synthstudio.silos WHERE port = @port ORDER BY generation DESC LIMIT 1");
            command.Parameters.AddWithValue("port", silo.SiloPort);
            return await command.ExecuteScalarAsync() is Dead;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in Replicas) channel.Dispose();
        await Task.WhenAll(_nodes.Select(n => n.DisposeAsync().AsTask()));
        foreach (var line in _owned) await line.DisposeAsync();
        await Processes.DisposeAsync();
        await Servers.Postgres.DisposeAsync();
        Servers.S3.Dispose();
        Servers.Redis.Dispose();
        foreach (var gate in Gates.Values) gate.Dispose();
    }

    /// <summary>The database past all lines, for a short question.</summary>
    private NpgsqlDataSource Ask() =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Processes.OwnerDatabase) { Timeout = 1, CommandTimeout = 1, Pooling = false });

    private async Task BuildAsync(bool moves, bool hears)
    {
        var database = new NpgsqlConnectionStringBuilder(Processes.Database);
        var databaseLine = LineTo(Database, 0, Loopback, database.Port);
        var storeLine = LineTo(Store, 0, Loopback, new Uri(Servers.S3.Endpoint).Port);
        var cacheLine = LineTo(Cache, 0, Loopback, int.Parse(Servers.Redis.Connection.Split(':')[1], CultureInfo.InvariantCulture));
        database.Port = databaseLine.Port;
        (string, string)[] common =
        [
            ("Database:ConnectionString", database.ConnectionString), ("S3:Endpoint", $"http://{Loopback}:{storeLine.Port}"),
            ("Redis:ConnectionString", $"{Loopback}:{cacheLine.Port}"), ("LogToConsole", "false"),
        ];

        (string, string)[] listening = hears ? [("Workers:SilenceLimit", $"{SilenceLimit}")] : [];
        foreach (var (name, role) in new[] { ("silo-1", NodeRole.Silo), ("silo-2", NodeRole.Silo), ("compute-1", NodeRole.Compute) })
        {
            var (silo, gateway) = (LineTo(name), LineTo(name));
            await AddAsync(name, role, silo.Port, role == NodeRole.Compute ? "scratch" : null,
            [
                .. common, .. listening, ("Role", role == NodeRole.Compute ? "compute" : "silo"), ("Slots", "2"), ("Threads", "1"), ("CheckpointSeconds", "2"),
                ("Workers:Accelerator", role == NodeRole.Compute ? Accelerator : "cpu"), ("Workers:WarmWorker", "false"),
                ("Cluster:AdvertisedAddress", Loopback), ("Cluster:ListenAddress", BehindLines), ("Cluster:SiloPort", Text(silo.Port)),
                ("Cluster:GatewayPort", Text(gateway.Port)),
            ]);
        }

        (string, string)[] moving =
            [("Api:Transfers:AllowedNetworks:0", $"{Loopback}/8"), ("Api:Transfers:AllowUnprotected", "true"), ("Api:Transfers:AtOncePerProject", "2")];
        var replicas = new List<GrpcChannel>();
        foreach (var (name, small) in new[] { ("api-1", null), ("api-2", "uploads") })
        {
            var port = Ports.FindFree();
            await AddAsync(name, NodeRole.Api, 0, small, [.. common, ("Role", "api"), ("GrpcPort", Text(port)), .. moves ? moving : []]);
            replicas.Add(ServedProcess.Connect(new Uri($"http://{Loopback}:{port}"), (await File.ReadAllTextAsync(Processes.KeyFile)).Trim()));
        }

        Replicas = replicas;
    }

    private async Task AddAsync(string name, NodeRole role, int siloPort, string? small, IReadOnlyList<(string, string)> settings)
    {
        var folder = Processes.NewFolder();
        Directory.CreateDirectory(folder);
        if (role == NodeRole.Compute) settings = [.. settings, ("WorkerPath", LabelledWorker.Install(folder))];
        var disk = small is null ? null : await SmallDisk.CreateAsync(Path.Combine(folder, small), DiskMegabytes);
        if (disk is { IsMounted: false }) disk = null;
        var clock = FakeClock.IsPossible ? new FakeClock(Path.Combine(folder, "clock")) : null;
        clock?.Set(TimeSpan.Zero);
        _nodes.Add(new Node(name, role, Processes, folder, [.. disk?.Launcher ?? [], .. clock?.Launcher ?? []], settings, Host)
        {
            Clock = clock, Disk = disk, SiloPort = siloPort,
        });
    }

    /// <summary>A line to a silo, which listens on another loopback address at the same port.</summary>
    private Line LineTo(string silo)
    {
        var port = Ports.FindFree();
        return LineTo(silo, port, BehindLines, port);
    }

    private Line LineTo(string name, int port, string address, int targetPort)
    {
        Line? line = null;
        line = new Line(
            port, new IPEndPoint(IPAddress.Parse(address), targetPort),
            client => SourceOf(client, line!.Port), source => Network.Between(source, name), Seed);
        _owned.Add(line);
        return line;
    }

    private string SourceOf(int clientPort, int linePort)
    {
        var living = _nodes.Where(n => n.ProcessId is not null).ToDictionary(n => n.ProcessId!.Value, n => n.Name);
        return SocketOwner.Find(clientPort, linePort, living.Keys) is { } process ? living[process] : "";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
