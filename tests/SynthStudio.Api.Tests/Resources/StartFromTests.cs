namespace SynthStudio.Api.Tests.Resources;

/// <summary>Trainings that learn on from another generator's model.</summary>
[TestClass]
public sealed class StartFromTests : ApiTest
{
    [TestMethod]
    public async Task The_worker_gets_the_model_that_the_generator_had()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        await TrainAsync(client, tenant.Generator, "first");
        var model = (await client.Generators.GetGeneratorAsync(new() { Name = tenant.Generator })).Model;

        var next = await client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset, StartFrom = tenant.Generator } });

        Assert.AreEqual(tenant.Generator, next.StartFrom);
        var spec = (TrainingSpec)(await TrainAsync(client, next.Name, "second")).Order.Spec;
        Assert.AreEqual(model.Sha256, spec.Start!.Model.Sha256);
        Assert.IsTrue(spec.Inputs.Contains(spec.Start.Model));
    }

    [TestMethod]
    public async Task What_cannot_be_learned_on_from_is_refused()
    {
        var (tenant, other) = (await Tenant.CreateAsync(Server), await Tenant.CreateAsync(Server));
        using var client = Server.Client(tenant.Key);
        var wanted = new V1.Generator { Dataset = tenant.Dataset, StartFrom = tenant.Generator };
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => CreateAsync(wanted)); // It has no model.
        await TrainAsync(client, tenant.Generator, "model");

        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => CreateAsync(new(wanted) { Method = "copula" }));
        await RefusedAsync(StatusCode.NotFound, null, () => CreateAsync(new(wanted) { StartFrom = other.Generator }));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => CreateAsync(
            new(wanted) { PrivacyTerms = new() { Epsilon = 1, Delta = 1e-6 } }));
        var draft = await CreateAsync(wanted);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Generators.UpdateGeneratorAsync(
            new() { Generator = new() { Name = draft.Name, Method = "copula" } }).ResponseAsync);
        var cleared = await client.Generators.UpdateGeneratorAsync(
            new() { Generator = new() { Name = draft.Name, Method = "copula" }, UpdateMask = new() { Paths = { "start_from", "method" } } });
        Assert.AreEqual(("", "copula"), (cleared.StartFrom, cleared.Method));

        Task<V1.Generator> CreateAsync(V1.Generator generator) => client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, Generator = generator }).ResponseAsync;
    }

    private async Task<FakeWorker> TrainAsync(ApiClient client, string generator, string model)
    {
        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = generator })).Training;
        var worker = await Server.Worker.TakeAsync(training.Name);
        await worker.CompleteAsync(("model", model));
        return worker;
    }
}
