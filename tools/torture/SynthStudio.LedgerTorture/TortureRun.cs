using System.Diagnostics;
using System.Globalization;
using SynthStudio.Catalog;
using SynthStudio.Orchestration;

namespace SynthStudio.LedgerTorture;

/// <summary>
/// Runs clients in processes of their own until all operations are answered, starts those anew that died, puts older copies of the database
/// back in between, and then holds the books against each other.
/// </summary>
public static class TortureRun
{
    public static async Task<Verdict> RunAsync(TortureOptions options, CancellationToken cancellation = default)
    {
        await PrepareAsync(options);
        var (deaths, unnoticed) = (0, 0);
        for (var round = 0; round <= options.Restores; round++)
        {
            // Each round ends with all clients killed wherever they are, but for the last, which ends with the work.
            var share = options.Operations / options.Clients * (round + 1) / (options.Restores + 1);
            deaths += await RunClientsAsync(options, share, killsAll: round < options.Restores, cancellation);
            if (round == options.Restores) break;
            if (!await NoticesAsync(options)) unnoticed++;
        }

        return await Bookkeeping.CheckAsync(options, deaths, options.Restores, unnoticed);
    }

    /// <summary>One client's work; what a child process does.</summary>
    public static Task RunClientAsync(TortureOptions options, int client, int operations) => new TortureClient(options, client).RunAsync(operations);

    private static async Task PrepareAsync(TortureOptions options)
    {
        if (options.Postgres is { } connection) Place.UsePostgres(options.Folder, connection);
        await Place.Database(options.Folder).PrepareAsync();
        var ledger = Place.Open(options.Folder, TimeProvider.System);
        for (var i = 0; i < Place.Datasets.Length; i += 2)
        {
            await ledger.RegisterAsync(Place.Datasets[i], Sketch(i * 1000, 100));
            await ledger.RegisterAsync(Place.Datasets[i + 1], Sketch(i * 1000, 50, further: 400));
            await ledger.SetBudgetAsync(Place.Datasets[i], 0.25, 1e-4, "owner", "first");
        }

        await ledger.DeclarePartitionAsync(Place.Datasets[0], Place.Wards, "owner", "first");
    }

    private static string Sketch(int from, int count, int further = 0)
    {
        var values = Enumerable.Range(from, count).Concat(Enumerable.Range(from + 100_000, further)).Select(v => (ulong)v).Order().ToArray();
        return $$"""{"whole":true,"fingerprints":"{{Convert.ToBase64String(new RowSketch(values, true).ToBytes()[1..])}}","repeated":0,"groups":""}""";
    }

    private static async Task<int> RunClientsAsync(TortureOptions options, int operations, bool killsAll, CancellationToken cancellation)
    {
        var children = new Process[options.Clients];
        for (var client = 0; client < children.Length; client++) children[client] = Start(options, client, operations);
        var deaths = 0;
        try
        {
            while (children.Any(c => !c.HasExited))
            {
                await Task.Delay(2, cancellation);
                for (var client = 0; client < children.Length; client++)
                {
                    if (!children[client].HasExited || children[client].ExitCode == 0) continue;
                    if (children[client].ExitCode != 137) throw new InvalidOperationException($"Client {client} ended with {children[client].ExitCode}.");
                    deaths++;
                    children[client].Dispose();
                    children[client] = Start(options, client, operations);
                }

                // The first one is through: the others die where they are.
                if (killsAll && children.Any(c => c.HasExited && c.ExitCode == 0)) break;
            }
        }
        finally
        {
            foreach (var child in children)
            {
                if (!child.HasExited)
                {
                    child.Kill();
                    deaths++;
                }

                await child.WaitForExitAsync(CancellationToken.None);
                child.Dispose();
            }
        }

        return deaths;
    }

    private static Process Start(TortureOptions options, int client, int operations)
    {
        string[] arguments =
        [
            typeof(TortureRun).Assembly.Location, "client", options.Folder, Text(client), Text(operations), Text(options.Seed), Text(options.BreakEvery),
            Text(options.KillEvery), options.Fault.ToString(),
        ];
        return Process.Start(new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", arguments))!;

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Puts a copy back that is one acknowledged line older; true when the ledger refuses to go on with it.</summary>
    private static async Task<bool> NoticesAsync(TortureOptions options)
    {
        var database = Place.Database(options.Folder);
        await database.CopyAsync("older");
        await Place.Open(options.Folder, TimeProvider.System).SetBudgetAsync(Place.Datasets[0], 0.26, 1e-4, "owner", Guid.NewGuid().ToString());
        await database.CopyAsync("newest");
        await database.PutBackAsync("older");
        var noticed = false;
        try
        {
            await Place.Open(options.Folder, TimeProvider.System).ReserveAsync(
                new BudgetRequest(Place.Datasets[0], "g", $"{Place.Project}/jobs/after-restore", new PrivacyTerms { Epsilon = 1e-6, Delta = 1e-12 }, "u"), default);
        }
        catch (LedgerUnsafeException)
        {
            noticed = true;
        }

        await database.PutBackAsync("newest");
        return noticed;
    }
}
