using System.Net;
using Orleans.Runtime;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>What administrators do with silos and shares.</summary>
[TestClass]
public sealed class ClusterTests : ApiTest
{
    [TestMethod]
    public async Task A_silo_is_cordoned_shown_and_put_to_work_again()
    {
        using var admin = Server.Client(Server.AdminKey);
        var name = await ReportAsync();

        var cordoned = await admin.Cluster.CordonSiloAsync(new() { Silo = name });
        var again = await admin.Cluster.GetClusterAsync(new());
        var free = await admin.Cluster.UncordonSiloAsync(new() { Silo = name });

        Assert.IsTrue(cordoned.Silos.Single(s => s.Name == name).Cordoned);
        Assert.AreEqual(cordoned.Silos.Single(s => s.Name == name), again.Silos.Single(s => s.Name == name));
        Assert.IsFalse(free.Silos.Single(s => s.Name == name).Cordoned);
        Assert.AreEqual(2, free.Silos.Single(s => s.Name == name).Accelerators);
    }

    [TestMethod]
    public async Task A_silo_that_is_not_there_is_not_found()
    {
        using var admin = Server.Client(Server.AdminKey);

        await RefusedAsync(StatusCode.NotFound, null, () => admin.Cluster.CordonSiloAsync(new() { Silo = "nobody" }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => admin.Cluster.DrainSiloAsync(new() { Silo = "nobody" }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, null, () => admin.Cluster.CordonSiloAsync(new()).ResponseAsync);
    }

    [TestMethod]
    public async Task A_projects_share_is_set_shown_and_forgotten()
    {
        var (owner, project) = await OwnerAsync();
        using var admin = Server.Client(Server.AdminKey);

        var set = await admin.Cluster.SetProjectShareAsync(new() { Project = project, Weight = 2.5, MaxRunningJobs = 3 });
        var forgotten = await admin.Cluster.SetProjectShareAsync(new() { Project = project });

        Assert.AreEqual(new V1.ProjectShare { Project = project, Weight = 2.5, MaxRunningJobs = 3 }, set.ProjectShares.Single(s => s.Project == project));
        Assert.IsFalse(forgotten.ProjectShares.Any(s => s.Project == project));
        await RefusedAsync(StatusCode.InvalidArgument, null, () => admin.Cluster.SetProjectShareAsync(new() { Project = project, Weight = double.NaN }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, null, () => admin.Cluster.SetProjectShareAsync(new() { Project = project, MaxRunningJobs = -1 }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => admin.Cluster.SetProjectShareAsync(new() { Project = "projects/nobody" }).ResponseAsync);
        await RefusedAsync(StatusCode.PermissionDenied, null, () => owner.Cluster.SetProjectShareAsync(new() { Project = project }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_training_takes_its_limits_along_and_nonsense_is_refused()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var limits = new V1.JobLimits { Queue = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.Zero) };

        var (error, _) = await RefusedAsync(
            StatusCode.InvalidArgument, null, () => client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator, Limits = limits }).ResponseAsync);

        Assert.Contains("limits.queue", error.GetRpcStatus()!.ToString());
    }

    /// <summary>A compute silo that only says that it is there.</summary>
    private async Task<string> ReportAsync()
    {
        var name = $"silo-{Guid.NewGuid():N}";
        await Server.Get<IGrainFactory>().GetGrain<ISchedulerGrain>(0).HeartbeatAsync(new ComputeSilo
        {
            Address = SiloAddress.New(IPAddress.Loopback, 1, name.GetHashCode(StringComparison.Ordinal) & 0xFFFF),
            Name = name,
            Accelerator = "cuda",
            Accelerators = 2,
            Slots = 0,
            MemoryBytes = 1 << 30,
            Leases = [],
        });
        return name;
    }
}
