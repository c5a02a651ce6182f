namespace SynthStudio.Api.Tests.Resources;

/// <summary>What of a generator can be changed, and when.</summary>
[TestClass]
public sealed class GeneratorUpdateTests : ApiTest
{
    [TestMethod]
    public async Task A_draft_changes_what_the_mask_names_and_nothing_else()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var wanted = new V1.Generator
        {
            Name = tenant.Generator, DisplayName = "Renamed", Seed = 9, Options = { ["width"] = "64" }, MaxTime = new() { Seconds = 30 },
        };

        var changed = await client.Generators.UpdateGeneratorAsync(
            new() { Generator = wanted, UpdateMask = new() { Paths = { "display_name", "options", "max_time" } } });

        Assert.AreEqual("Renamed", changed.DisplayName);
        Assert.AreEqual("64", changed.Options["width"]);
        Assert.AreEqual(30, changed.MaxTime.Seconds);
        Assert.AreEqual(0, changed.Seed, "The mask does not name it.");
        Assert.AreEqual(changed, await client.Generators.GetGeneratorAsync(new() { Name = tenant.Generator }));
        var cleared = await client.Generators.UpdateGeneratorAsync(
            new() { Generator = new() { Name = tenant.Generator }, UpdateMask = new() { Paths = { "options", "max_time" } } });
        Assert.IsEmpty(cleared.Options);
        Assert.IsNull(cleared.MaxTime);
        await EventuallyAsync(
            async () => (await client.Generators.ListGeneratorsAsync(new() { Parent = tenant.Project })).Generators.Single(), g => g.Equals(cleared));
    }

    [TestMethod]
    public async Task Without_a_mask_what_is_set_changes()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);

        var changed = await client.Generators.UpdateGeneratorAsync(new() { Generator = new() { Name = tenant.Generator, Seed = 4, Method = "copula" } });

        Assert.AreEqual(4, changed.Seed);
        Assert.AreEqual("copula", changed.Method);
    }

    [TestMethod]
    public async Task Once_it_was_trained_only_its_display_name_changes()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator });

        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Generators.UpdateGeneratorAsync(
            new() { Generator = new() { Name = tenant.Generator, Seed = 4 } }).ResponseAsync);
        var renamed = await client.Generators.UpdateGeneratorAsync(new() { Generator = new() { Name = tenant.Generator, DisplayName = "Renamed" } });

        Assert.AreEqual("Renamed", renamed.DisplayName);
        Assert.AreEqual(0, renamed.Seed);
        Assert.AreEqual(V1.GeneratorState.Queued, renamed.State);
    }

    [TestMethod]
    public async Task An_older_etag_a_bad_option_and_an_unknown_field_are_refused()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var before = await client.Generators.GetGeneratorAsync(new() { Name = tenant.Generator });
        await client.Generators.UpdateGeneratorAsync(new() { Generator = new() { Name = before.Name, Etag = before.Etag, DisplayName = "first" } });

        await RefusedAsync(StatusCode.Aborted, "ETAG_MISMATCH", () => client.Generators.UpdateGeneratorAsync(
            new() { Generator = new() { Name = before.Name, Etag = before.Etag, DisplayName = "second" } }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "OPTION_OUT_OF_RANGE", () => client.Generators.UpdateGeneratorAsync(
            new() { Generator = new() { Name = before.Name, Options = { ["width"] = "1" } } }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Generators.UpdateGeneratorAsync(
            new() { Generator = new() { Name = before.Name }, UpdateMask = new() { Paths = { "dataset" } } }).ResponseAsync);
        Assert.AreEqual("first", (await client.Generators.GetGeneratorAsync(new() { Name = before.Name })).DisplayName);
    }
}
