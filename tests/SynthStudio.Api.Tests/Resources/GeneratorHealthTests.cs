using System.Net;
using System.Text.Json;
using Orleans.Runtime;
using SynthStudio.Api.Registry;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Whether a generator can draw rows, told before anybody asks it to.</summary>
[TestClass]
public sealed class GeneratorHealthTests : ApiTest
{
    [TestMethod]
    public async Task A_generator_can_sample_when_its_package_is_intact_and_a_silo_would_run_it()
    {
        await using var server = await ApiServer.StartAsync();
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        var name = $"{tenant.Generator}/health";

        var draft = await client.Generators.GetGeneratorHealthAsync(new() { Name = name });
        Assert.AreEqual((name, false, V1.PackageStatus.None), (draft.Name, draft.CanSample, draft.Package));
        Assert.Contains("train it first", draft.Problem);

        var model = await TrainAsync(server, client, tenant);
        var alone = await client.Generators.GetGeneratorHealthAsync(new() { Name = name });
        Assert.AreEqual((false, V1.PackageStatus.Intact, 0, 0), (alone.CanSample, alone.Package, alone.CapableSilos, alone.LoadedSilos));
        Assert.Contains("No compute silo", alone.Problem);

        await ReportAsync(server, models: []);
        var cold = await client.Generators.GetGeneratorHealthAsync(new() { Name = name });
        Assert.AreEqual((true, "", 1, 0), (cold.CanSample, cold.Problem, cold.CapableSilos, cold.LoadedSilos));

        await ReportAsync(server, models: ["other", model.Sha256]);
        var (operatorName, operatorKey) = await server.UserAsync(role: UserRole.Admin);
        await server.Get<ProjectStore>().SetRoleAsync(tenant.Project, operatorName, ProjectRole.Viewer);
        using var admin = server.Client(operatorKey);
        var warm = await client.Generators.GetGeneratorHealthAsync(new() { Name = name });
        Assert.AreEqual((1, 0), (warm.LoadedSilos, warm.Silos.Count));
        Assert.AreEqual("rack-7", (await admin.Generators.GetGeneratorHealthAsync(new() { Name = name })).Silos.Single(), "Who runs the machines is told which.");

        using var cordoning = server.Client(server.AdminKey);
        await cordoning.Cluster.CordonSiloAsync(new() { Silo = "rack-7" });
        Assert.IsFalse((await client.Generators.GetGeneratorHealthAsync(new() { Name = name })).CanSample);
        using var http = server.Http(tenant.Key);
        using var json = JsonDocument.Parse(await http.GetStringAsync($"/v1/{name}", Cancellation));
        Assert.AreEqual("PACKAGE_STATUS_INTACT", json.RootElement.GetProperty("package").GetString());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_package_that_is_gone_or_damaged_is_told_as_such_also_after_it_was_seen_intact(bool encrypted)
    {
        await using var server = await ApiServer.StartAsync(encrypt: encrypted);
        var (lost, damaged) = (await Tenant.CreateAsync(server), await Tenant.CreateAsync(server));
        using var client = server.Client(lost.Key);
        using var other = server.Client(damaged.Key);
        var gone = await TrainAsync(server, client, lost);
        var spoilt = await TrainAsync(server, other, damaged);
        await ReportAsync(server, models: []);
        Assert.IsTrue((await client.Generators.GetGeneratorHealthAsync(new() { Name = $"{lost.Generator}/health" })).CanSample);

        var file = Path.Combine(server.Folder, "objects", spoilt.Key);
        var bytes = await File.ReadAllBytesAsync(file, Cancellation);
        bytes[^1] ^= 1;
        File.Delete(file);
        await File.WriteAllBytesAsync(file, bytes, Cancellation);
        File.Delete(Path.Combine(server.Folder, "objects", gone.Key));

        var missing = await client.Generators.GetGeneratorHealthAsync(new() { Name = $"{lost.Generator}/health" });
        Assert.AreEqual((false, V1.PackageStatus.Missing), (missing.CanSample, missing.Package));
        var broken = await other.Generators.GetGeneratorHealthAsync(new() { Name = $"{damaged.Generator}/health" });
        Assert.AreEqual((false, V1.PackageStatus.Damaged), (broken.CanSample, broken.Package));
        Assert.Contains("restore it from a backup", broken.Problem);
    }

    [TestMethod]
    public void A_silo_that_was_not_heard_of_lately_is_not_one_that_would_draw()
    {
        var silo = Silo(SiloAddress.New(IPAddress.Loopback, 11111, 1), models: []);
        var cluster = new ClusterSnapshot([silo], 0, 0, [], new Dictionary<string, ProjectShare>());

        Assert.IsTrue(GeneratorHealth.TakesWork(silo, cluster with { Avoided = [] }));
        Assert.IsFalse(GeneratorHealth.TakesWork(silo, cluster with { Avoided = [silo.Address] }));
        Assert.IsTrue(GeneratorHealth.TakesWork(silo, cluster), "A scheduler of the version before does not tell.");
    }

    /// <summary>Trains the tenant's generator; answers its model.</summary>
    private static async Task<ObjectRef> TrainAsync(ApiServer server, ApiClient client, Tenant tenant)
    {
        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training;
        await (await server.Worker.TakeAsync(training.Name)).CompleteAsync(("model", $"the model of {tenant.Project}"));
        return (await server.Get<IGrainFactory>().GetGrain<IGeneratorGrain>(tenant.Generator).GetAsync()).Model!;
    }

    private static async Task ReportAsync(ApiServer server, string[] models) =>
        await server.Get<IGrainFactory>().GetGrain<ISchedulerGrain>(0).HeartbeatAsync(Silo(server.Get<ILocalSiloDetails>().SiloAddress, models));

    private static ComputeSilo Silo(SiloAddress address, string[] models) => new()
    {
        Address = address, Name = "rack-7", Accelerator = "cpu", Slots = 1, MemoryBytes = 1L << 30, Leases = [], Models = models,
    };
}
