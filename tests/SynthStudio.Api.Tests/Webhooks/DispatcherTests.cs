using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Api.Webhooks;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Webhooks;

/// <summary>What sends events does not end, and the host with it, whatever the database fails with.</summary>
[TestClass]
public sealed class DispatcherTests : ApiTest
{
    [TestMethod]
    public async Task A_failure_that_is_no_databases_is_told_of_and_the_next_round_comes()
    {
        var folder = Directory.CreateTempSubdirectory("dispatcher-");
        using var logs = new RecordedLogs();
        var clock = new FakeTimeProvider();
        var database = PostgresDatabase.Open("Host=127.0.0.1");
        await database.DisposeAsync(); // Who asks it hears that, which is no DbException.
        await using (var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(logs)).AddSingleton<TimeProvider>(clock)
            .AddSynthStudioCatalog(database, LedgerKey.Open(Path.Combine(folder.FullName, "ledger.key")), _ => new SqliteLedgerAnchor(Path.Combine(folder.FullName, "anchor.db")))
            .AddSingleton(new WebhookOptions()).AddSingleton<ReceiverAddresses>().AddSingleton<WebhookSender>().BuildServiceProvider())
        {
            using var dispatcher = ActivatorUtilities.CreateInstance<WebhookDispatcher>(services);
            await dispatcher.StartAsync(Cancellation);

            await EventuallyAsync(() => Task.FromResult(logs.Contains("Events for webhooks could not be read")), isTold => isTold || dispatcher.ExecuteTask!.IsCompleted);

            Assert.IsFalse(dispatcher.ExecuteTask!.IsCompleted, $"{dispatcher.ExecuteTask.Exception}");
            await dispatcher.StopAsync(Cancellation);
        }

        folder.Delete(recursive: true);
    }
}
