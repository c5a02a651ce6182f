using Google.Rpc;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Methods and options: told by the workers, checked when a generator is made.</summary>
[TestClass]
public sealed class MethodTests : ApiTest
{
    [TestMethod]
    public async Task The_server_tells_every_method_with_its_options()
    {
        var (client, _) = await OwnerAsync();

        var methods = (await client.Server.GetServerInfoAsync(new())).Methods;

        CollectionAssert.AreEqual(new[] { "autoregressive", "copula", "dp-scripted", "schema" }, methods.Select(m => m.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "given_values", "warm_start" }, methods[0].Capabilities.ToArray());
        var width = methods[0].Options[0];
        Assert.AreEqual(V1.MethodOptionKind.Integer, width.Kind);
        Assert.AreEqual((16.0, 4096.0, ""), (width.Least, width.Most, width.DefaultValue));
        Assert.IsFalse(methods[0].Options[2].HasLeast);
        CollectionAssert.AreEqual(new[] { "random", "given" }, methods[0].Options[3].Choices.ToArray());
    }

    [TestMethod]
    public async Task The_first_method_is_the_default_and_good_options_are_taken()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);

        var generator = await CreateAsync(client, tenant, "", ("width", "64"), ("learning_rate", "1e-3"), ("protect_rare", "FALSE"), ("order", "given"));

        Assert.AreEqual("autoregressive", generator.Method);
        Assert.AreEqual("64", generator.Options["width"]);
    }

    [TestMethod]
    public async Task An_unknown_method_is_refused_with_those_there_are()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);

        var (error, _) = await RefusedAsync(StatusCode.InvalidArgument, "UNKNOWN_METHOD", () => CreateAsync(client, tenant, "magic"));

        var violation = error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Single();
        Assert.AreEqual("generator.method", violation.Field);
        Assert.Contains("autoregressive, copula", violation.Description);
    }

    [TestMethod]
    [DataRow("autoregressive", "width", "15", "OPTION_OUT_OF_RANGE", "a whole number from 16 to 4096")]
    [DataRow("autoregressive", "width", "4097", "OPTION_OUT_OF_RANGE", "a whole number from 16 to 4096")]
    [DataRow("autoregressive", "width", "16.5", "OPTION_OUT_OF_RANGE", "a whole number from 16 to 4096")]
    [DataRow("autoregressive", "learning_rate", "NaN", "OPTION_OUT_OF_RANGE", "a number from 0.000001 to 0.1")]
    [DataRow("autoregressive", "protect_rare", "perhaps", "OPTION_OUT_OF_RANGE", "true or false")]
    [DataRow("autoregressive", "order", "Random", "OPTION_OUT_OF_RANGE", "one of: random, given")]
    [DataRow("copula", "width", "64", "UNKNOWN_OPTION", "is not an option of copula")]
    public async Task A_bad_option_is_refused_by_name_with_what_is_allowed(string method, string option, string value, string reason, string allowed)
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);

        var (error, info) = await RefusedAsync(StatusCode.InvalidArgument, reason, () => CreateAsync(client, tenant, method, (option, value)));

        Assert.AreEqual(option, info.Metadata["option"]);
        var violation = error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Single();
        Assert.AreEqual($"generator.options[\"{option}\"]", violation.Field);
        Assert.Contains(allowed, violation.Description);
    }

    [TestMethod]
    public async Task A_method_that_copies_rows_is_refused_unless_the_operator_allows_it()
    {
        await using var allowing = await ApiServer.StartAsync(options => options.Features.CopyingMethods = true);
        var allowed = await Tenant.CreateAsync(allowing);
        using (var owner = allowing.Client(allowed.Key))
        {
            Assert.AreEqual("bootstrap", (await CreateAsync(owner, allowed, "bootstrap")).Method);
            Assert.Contains("bootstrap", (await owner.Server.GetServerInfoAsync(new())).Methods.Select(m => m.Name));
        }

        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var (error, _) = await RefusedAsync(StatusCode.FailedPrecondition, "METHOD_COPIES_ROWS", () => CreateAsync(client, tenant, "bootstrap"));
        Assert.Contains("SynthStudio:Api:Features:CopyingMethods", error.Status.Detail);
        await RefusedAsync(StatusCode.FailedPrecondition, "METHOD_COPIES_ROWS", () => client.Generators.UpdateGeneratorAsync(
            new() { Generator = new() { Name = tenant.Generator, Method = "bootstrap" } }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_generator_of_such_a_method_from_before_is_neither_trained_nor_drawn_from()
    {
        var options = (ApiOptions?)null;
        await using var server = await ApiServer.StartAsync(o => (options = o).Features.CopyingMethods = true);
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        var copying = (await CreateAsync(client, tenant, "bootstrap")).Name;
        var training = await client.Generators.TrainGeneratorAsync(new() { Name = copying });
        var worker = await server.Worker.TakeAsync(training.Training.Name);
        var model = await server.Worker.PutAsync(FakePackage.Of("rows", method: "bootstrap"));
        await worker.TellAsync(new WorkCompleted(new WorkResult(new Dictionary<string, ObjectRef> { ["model"] = model }, new Dictionary<string, double>())));
        options!.Features.CopyingMethods = false;

        await RefusedAsync(StatusCode.FailedPrecondition, "METHOD_COPIES_ROWS", () => client.Generators.TrainGeneratorAsync(new() { Name = copying }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "METHOD_COPIES_ROWS", () => client.Synthetics.CreateSyntheticDatasetAsync(
            new() { Parent = tenant.Project, SyntheticDataset = new() { Generator = copying, Rows = 1 } }).ResponseAsync);
    }

    [TestMethod]
    public async Task All_bad_options_are_told_at_once()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);

        var (error, _) = await RefusedAsync(
            StatusCode.InvalidArgument, null, () => CreateAsync(client, tenant, "", ("width", "1"), ("colour", "red"), ("order", "given")));

        CollectionAssert.AreEqual(
            new[] { "generator.options[\"colour\"]", "generator.options[\"width\"]" },
            error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Select(v => v.Field).ToArray());
    }

    [TestMethod]
    public async Task Without_a_worker_the_server_says_so_and_makes_no_generators()
    {
        await using var server = await ApiServer.StartAsync();
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        server.Get<FakeMethods>().Problem = new MethodsUnknownException(MethodsUnknownException.WorkerMissing, "There is no worker.");

        var info = await client.Server.GetServerInfoAsync(new());

        Assert.IsEmpty(info.Methods);
        Assert.AreEqual("There is no worker.", info.MethodsProblem);
        await RefusedAsync(StatusCode.Unavailable, "WORKER_MISSING", () => CreateAsync(client, tenant, "autoregressive"));
    }

    private static async Task<V1.Generator> CreateAsync(ApiClient client, Tenant tenant, string method, params (string Name, string Value)[] options)
    {
        var wanted = new V1.Generator { Dataset = tenant.Dataset, Method = method };
        foreach (var (name, value) in options) wanted.Options[name] = value;
        return await client.Generators.CreateGeneratorAsync(new() { Parent = tenant.Project, Generator = wanted });
    }
}
