using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Runtime;

namespace SynthStudio.Catalog.Tests;

/// <summary>Our membership statements under the real provider.</summary>
[TestClass]
public sealed class MembershipTests
{
    private const string Cluster = "test";
    private static readonly SiloAddress First = Address(11111, 1);
    private static readonly SiloAddress Second = Address(11112, 2);

    private PostgresDataSource _database = null!;
    private IHost _host = null!;
    private IMembershipTable _table = null!;

    [TestInitialize]
    public async Task OpenAsync()
    {
        _database = PostgresDatabase.Open(await PostgresDatabases.CreateAsync());
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Cluster, "s"))
            .Configure<EndpointOptions>(options => options.AdvertisedIPAddress = IPAddress.Loopback)
            .UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (PostgresDatabase.Invariant, _database)));
        _host = builder.Build(); // Never started: only its membership table is of interest.
        _table = _host.Services.GetRequiredService<IMembershipTable>();
        await _table.InitializeMembershipTableAsync(true);
        await _table.InitializeMembershipTableAsync(true);
    }

    [TestCleanup]
    public async Task CloseAsync()
    {
        _host.Dispose();
        await _database.DisposeAsync();
    }

    [TestMethod]
    public async Task A_silo_is_read_as_it_was_written()
    {
        Assert.IsEmpty((await _table.ReadAllAsync()).Members);
        var written = Entry(First);
        Assert.IsTrue(await _table.InsertRowAsync(written, await NextAsync()));

        var (read, _) = (await _table.ReadRowAsync(First)).Members.Single();
        Assert.AreEqual(
            (First, SiloStatus.Joining, "silo", "host", 30000, written.StartTime, written.IAmAliveTime),
            (read.SiloAddress, read.Status, read.SiloName, read.HostName, read.ProxyPort, read.StartTime, read.IAmAliveTime));
        Assert.IsEmpty((await _table.ReadRowAsync(Second)).Members);

        var now = new DateTime(2026, 11, 28, 3, 4, 5, DateTimeKind.Utc);
        written.Status = SiloStatus.Active;
        written.SuspectTimes = [Tuple.Create(Second, now)];
        Assert.IsTrue(await UpdateAsync(written, await NextAsync()));
        written.IAmAliveTime = now;
        await _table.UpdateIAmAliveAsync(written);

        (read, _) = (await _table.ReadRowAsync(First)).Members.Single();
        Assert.AreEqual((SiloStatus.Active, now), (read.Status, read.IAmAliveTime));
        Assert.AreEqual((Second, now), (read.SuspectTimes!.Single().Item1, read.SuspectTimes!.Single().Item2));
    }

    [TestMethod]
    public async Task Only_who_saw_the_newest_version_writes_and_what_is_refused_leaves_nothing()
    {
        var version = await NextAsync();
        Assert.IsTrue(await _table.InsertRowAsync(Entry(First), version));
        Assert.IsFalse(await _table.InsertRowAsync(Entry(Second), version), "a stale version");
        Assert.IsFalse(await _table.InsertRowAsync(Entry(First), await NextAsync()), "a silo that is there");
        Assert.IsFalse(await UpdateAsync(Entry(Second), await NextAsync()), "a silo that is not there");
        Assert.IsFalse(await UpdateAsync(Entry(First), version), "a stale version");

        var all = await _table.ReadAllAsync();
        Assert.AreEqual(1, all.Version.Version);
        Assert.AreEqual(First, all.Members.Single().Item1.SiloAddress);
    }

    [TestMethod]
    public async Task Of_silos_that_join_at_once_with_the_same_version_one_joins()
    {
        var version = await NextAsync();
        var joined = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => _table.InsertRowAsync(Entry(Address(12000 + i, i)), version))));
        Assert.AreEqual(1, joined.Count(j => j));
        var all = await _table.ReadAllAsync();
        Assert.AreEqual((1, 1), (all.Version.Version, all.Members.Count));
    }

    [TestMethod]
    public async Task Gateways_are_the_active_silos_that_clients_may_use_and_dead_ones_are_swept_away()
    {
        var gateway = Entry(First, SiloStatus.Active);
        await _table.InsertRowAsync(gateway, await NextAsync());
        await _table.InsertRowAsync(Entry(Second, SiloStatus.Active, proxyPort: 0), await NextAsync());
        await _table.InsertRowAsync(Entry(Address(11113, 3), SiloStatus.Dead), await NextAsync());

        var client = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        client.UseOrleansClient(orleans => orleans
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Cluster, "s"))
            .UseAdoNetClustering(options => (options.Invariant, options.DataSource) = (PostgresDatabase.Invariant, _database)));
        using var clientHost = client.Build();
        var gateways = clientHost.Services.GetRequiredService<IGatewayListProvider>();
        await gateways.InitializeGatewayListProvider();
        Assert.AreEqual(30000, (await gateways.GetGateways()).Single().Port);

        await _table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.HasCount(2, (await _table.ReadAllAsync()).Members);
        await _table.DeleteMembershipTableEntriesAsync(Cluster);
        Assert.IsEmpty(await _database.ReadAsync("SELECT 1 FROM silos UNION ALL SELECT 1 FROM deployments", row => row.GetInt32(0), default));
    }

    private static SiloAddress Address(int port, int generation) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, port), generation);

    private static MembershipEntry Entry(SiloAddress address, SiloStatus status = SiloStatus.Joining, int proxyPort = 30000) => new()
    {
        SiloAddress = address, Status = status, SiloName = "silo", HostName = "host", ProxyPort = proxyPort,
        StartTime = new DateTime(2026, 11, 28, 1, 2, 3, DateTimeKind.Utc), IAmAliveTime = new DateTime(2026, 11, 28, 2, 3, 4, DateTimeKind.Utc),
    };

    /// <summary>A row's etag is the table's version.</summary>
    private Task<bool> UpdateAsync(MembershipEntry entry, TableVersion next) => _table.UpdateRowAsync(entry, next.VersionEtag, next);

    private async Task<TableVersion> NextAsync() => (await _table.ReadAllAsync()).Version.Next();
}
