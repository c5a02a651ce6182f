using System.Net.Http.Headers;
using System.Text.Json;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>What operators and owners change and take away again by the command line.</summary>
[TestClass]
public sealed class OwnerTests
{
    private const string Declaration = """{"columns": {"name": {"type": "full_name"}}}""";

    [TestMethod]
    public async Task A_training_waits_for_a_silo_that_is_cordoned_and_is_paused_resumed_and_cancelled()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProcess.StartAsync(folder["data"]); // Its own: a silo without work is nothing for other tests.
        var studio = new Studio(server.Channel);
        var project = await studio.CreateProjectAsync();
        string[] at = ["--project", project, .. server.AsAdministrator];
        var silo = await SiloAsync(new ClusterService.ClusterServiceClient(server.Channel));

        Assert.Contains("no, cordoned", await OutputAsync(["cluster", "cordon", silo, .. at]));
        var generator = await MakeAsync(studio, project);
        await studio.Generators.TrainGeneratorAsync(new TrainGeneratorRequest { Name = generator });
        Assert.Contains($"{generator} is paused.", await OutputAsync(["generators", "pause", "people", .. at]));
        Assert.AreEqual(GeneratorState.Paused, await StateAsync());
        Assert.Contains($"{generator} is queued.", await OutputAsync(["generators", "resume", "people", .. at]));
        Assert.AreEqual(GeneratorState.Queued, await StateAsync());
        Assert.Contains($"{generator} is cancelled.", await OutputAsync(["generators", "cancel", "people", .. at]));
        Assert.AreEqual(GeneratorState.Cancelled, await StateAsync());
        Assert.DoesNotContain("cordoned", await OutputAsync(["cluster", "uncordon", silo, .. at]));

        async Task<GeneratorState> StateAsync() =>
            (await studio.Generators.GetGeneratorAsync(new GetGeneratorRequest { Name = generator })).State;
    }

    [TestMethod]
    public async Task Aliases_keys_of_programs_and_webhooks_are_changed_and_taken_away()
    {
        var server = await ServedProcess.SharedAsync();
        var studio = new Studio(server.Channel);
        var project = await studio.CreateProjectAsync();
        string[] at = ["--project", project, .. server.AsAdministrator];

        var registry = new RegistryService.RegistryServiceClient(server.Channel);
        var generator = await MakeAsync(studio, project);
        var champion = new SetGeneratorAliasRequest { Parent = project, AliasId = "champion", Generator = generator };
        await registry.SetGeneratorAliasAsync(champion);
        Assert.Contains("is deleted.", await OutputAsync(["generators", "unalias", "champion", .. at]));
        var aliases = await registry.ListGeneratorAliasesAsync(new ListGeneratorAliasesRequest { Parent = project });
        Assert.IsEmpty(aliases.GeneratorAliases);

        var programs = new ServiceAccountService.ServiceAccountServiceClient(server.Channel);
        var nightly = new ServiceAccount { DisplayName = "Nightly" };
        await programs.CreateServiceAccountAsync(
            new CreateServiceAccountRequest { Parent = project, ServiceAccountId = "nightly", ServiceAccount = nightly });
        string[] night = ["--read", "--display-name", "of the night"];
        var secret = (await OutputAsync(["service-accounts", "create-key", "nightly", .. night, .. at])).Trim();
        Assert.IsTrue(await LetsInAsync(secret));
        var key = (await OutputAsync(["service-accounts", "keys", "nightly", .. at]))
            .Split('\n').Single(line => line.Contains("of the night", StringComparison.Ordinal)).Split(' ')[0];
        await OutputAsync(["service-accounts", "revoke-key", "nightly", key, .. at]);
        Assert.IsFalse(await LetsInAsync(secret));
        await OutputAsync(["service-accounts", "delete", "nightly", .. at]);
        var left = await programs.ListServiceAccountsAsync(new ListServiceAccountsRequest { Parent = project });
        Assert.IsEmpty(left.ServiceAccounts);

        var hooks = new WebhookService.WebhookServiceClient(server.Channel);
        var hook = new Webhook { Url = "https://ci.example.org/synth" };
        var made = await hooks.CreateWebhookAsync(new CreateWebhookRequest { Parent = project, WebhookId = "ci", Webhook = hook });
        using var changed = JsonDocument.Parse(await OutputAsync(["webhooks", "update", "ci", "--off", "--name", "Builds", .. at]));
        Assert.IsTrue(changed.RootElement.GetProperty("disabled").GetBoolean());
        Assert.AreEqual("Builds", (await hooks.GetWebhookAsync(new GetWebhookRequest { Name = made.Webhook.Name })).DisplayName);
        var rotated = (await OutputAsync(["webhooks", "rotate-secret", "ci", .. at])).Trim();
        Assert.StartsWith("whsec_", rotated);
        Assert.AreNotEqual(made.Secret, rotated);
        Assert.Contains("0 will be sent again.", await OutputAsync(["webhooks", "replay", "ci", .. at]), "Nothing was given up.");
        await OutputAsync(["webhooks", "delete", "ci", .. at]);
        Assert.IsEmpty((await hooks.ListWebhooksAsync(new ListWebhooksRequest { Parent = project })).Webhooks);

        async Task<bool> LetsInAsync(string apiKey)
        {
            using var http = new HttpClient { BaseAddress = server.Http };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
            using var answer = await http.GetAsync($"/v1/{project}");
            return answer.IsSuccessStatusCode;
        }
    }

    /// <summary>A generator called people that learns nothing and is not trained.</summary>
    private static async Task<string> MakeAsync(Studio studio, string project)
    {
        var wanted = new Generator { Method = "schema", Options = { ["declaration"] = Declaration } };
        var made = await studio.Generators.CreateGeneratorAsync(
            new CreateGeneratorRequest { Parent = project, GeneratorId = "people", Generator = wanted });
        return made.Name;
    }

    /// <summary>The name of the only silo, as soon as it is there.</summary>
    private static async Task<string> SiloAsync(ClusterService.ClusterServiceClient cluster)
    {
        for (var i = 0; i < 3000; i++)
        {
            if ((await cluster.GetClusterAsync(new GetClusterRequest())).Silos is [var only]) return only.Name;
            await Task.Delay(20);
        }

        throw new AssertFailedException("There is no silo.");
    }

    private static async Task<string> OutputAsync(string[] arguments) => (await Command.SynthAsync(arguments)).Succeeded().Output;
}
