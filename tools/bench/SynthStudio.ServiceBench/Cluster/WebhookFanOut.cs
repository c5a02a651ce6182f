using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SynthStudio.Api.Webhooks;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Audit;
using SynthStudio.Catalog.Webhooks;
using SynthStudio.Orchestration;
using SynthStudio.Testing.Servers;

namespace SynthStudio.ServiceBench;

/// <summary>
/// Events a second that reach 50 webhooks of a project, from the ends of its jobs in PostgreSQL to the receivers in this process: first alone, then
/// with one webhook more whose receiver takes requests and never answers.
/// </summary>
internal static class WebhookFanOut
{
    private const int Webhooks = 50;
    private const int Events = 200;

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        await using var postgres = await PostgresServer.StartAsync(synchronises: true);
        await using var source = PostgresDatabase.Open(await postgres.CreateDatabaseAsync());
        await new PostgresMigrator(source).ApplyAsync();
        using var folder = new TemporaryFolder();
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging().AddSingleton<IObjectReader, NoObjects>()
            .AddSynthStudioCatalog(source, LedgerKey.Open(Path.Combine(folder["key"], "ledger.key")), _ => new SqliteLedgerAnchor(folder["anchor.db"]))
            .BuildServiceProvider();
        await using var receiver = await StartReceiverAsync();
        var settings = new WebhookOptions { AllowHttp = true, AllowedNetworks = { "127.0.0.0/8" } };
        var store = services.GetRequiredService<WebhookStore>();
        using var sender = new WebhookSender(
            new ReceiverAddresses(settings), services.GetRequiredService<WebhookSecrets>(), settings, TimeProvider.System);
        using var dispatcher = new WebhookDispatcher(
            store, services.GetRequiredService<DeliveryQueue>(), sender, services.GetRequiredService<AuditTrail>(),
            settings, TimeProvider.System, NullLogger<WebhookDispatcher>.Instance);
        await dispatcher.StartAsync(CancellationToken.None);

        await RunAsync("projects/warm", hasDead: false);
        var alone = await RunAsync("projects/alone", hasDead: false);
        var beside = await RunAsync("projects/beside", hasDead: true);
        await dispatcher.StopAsync(CancellationToken.None);
        return new Measured(
            $"webhooks on PostgreSQL, {Webhooks} receivers",
            $"{alone.Rate:N0} events/s, p99 {alone.Delay:N0} ms; beside a dead receiver {beside.Rate:N0} events/s, p99 {beside.Delay:N0} ms (x{beside.Rate / alone.Rate:F2})",
            "500 events/s", "");

        async Task<(double Rate, double Delay)> RunAsync(string project, bool hasDead)
        {
            Receiver.Start(Webhooks * Events);
            for (var i = 0; i < Webhooks; i++) await AddAsync(store, project, $"w{i}", $"{receiver.Urls.First()}/");
            if (hasDead) await AddAsync(store, project, "dead", $"{receiver.Urls.First()}/dead");
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < Events; i++) await services.GetRequiredService<ICatalogProjector>().ProjectAsync(Ended(project, i), CancellationToken.None);
            await Receiver.All.WaitAsync(TimeSpan.FromMinutes(2));
            return (Webhooks * Events / clock.Elapsed.TotalSeconds, Receiver.DelayOf(.99));
        }
    }

    private static async Task AddAsync(WebhookStore store, string project, string id, string url)
    {
        var now = TimeProvider.System.GetUtcNow();
        await store.TryCreateAsync(
            new WebhookRecord
            {
                Name = $"{project}/webhooks/{id}", Project = project, Url = url, Salt = WebhookSecrets.NewSalt(), Creator = "users/u", CreateTime = now, UpdateTime = now,
            },
            most: int.MaxValue);
    }

    private static JobSnapshot Ended(string project, int number) => new()
    {
        Name = $"{project}/jobs/j{number}", Kind = WorkKind.Training, Subject = $"{project}/generators/g", State = WorkState.Succeeded,
        CreateTime = TimeProvider.System.GetUtcNow(), EndTime = TimeProvider.System.GetUtcNow(), Version = 1,
    };

    private static async Task<WebApplication> StartReceiverAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(Receiver.TakeAsync);
        await app.StartAsync();
        return app;
    }

    private sealed class NoObjects : IObjectReader
    {
        public Task<string> ReadTextAsync(ObjectRef reference, CancellationToken cancellation) => throw new NotSupportedException();
    }

    /// <summary>What all live receivers got.</summary>
    private static class Receiver
    {
        private static readonly ConcurrentBag<double> Delays = [];
        private static TaskCompletionSource _all = new();
        private static int _left;

        public static Task All => _all.Task;

        public static void Start(int count)
        {
            Delays.Clear();
            (_left, _all) = (count, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        public static async Task TakeAsync(HttpContext context)
        {
            if (context.Request.Path == "/dead") await Task.Delay(Timeout.Infinite, context.RequestAborted);
            using var body = await System.Text.Json.JsonDocument.ParseAsync(context.Request.Body);
            Delays.Add((TimeProvider.System.GetUtcNow() - body.RootElement.GetProperty("time").GetDateTimeOffset()).TotalMilliseconds);
            if (Interlocked.Decrement(ref _left) == 0) _all.SetResult();
        }

        public static double DelayOf(double share)
        {
            var sorted = Delays.Order().ToList();
            return Latencies.Percentile(sorted, share);
        }
    }
}
