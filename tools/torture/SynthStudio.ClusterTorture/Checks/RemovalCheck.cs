using Grpc.Core;

namespace SynthStudio.ClusterTorture;

/// <summary>
/// The promise about deletions: what was deleted is told as deleted, what was brought back is ready, and nothing is left of what was
/// removed for good.
/// </summary>
internal static class RemovalCheck
{
    public static async Task<Finding> RunAsync(Journal journal, TortureCluster cluster, Stores stores, JobBooks books)
    {
        var broken = new List<string>();
        var listed = (await stores.ReadAsync("SELECT name, delete_time FROM generators", r => (Name: r.GetString(0), Deleted: !r.IsDBNull(1)))).ToDictionary(g => g.Name, g => g.Deleted);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var client = new Client(cluster.Replicas, journal, 0, limit.Token);
        foreach (var (name, removal) in journal.Removals)
        {
            if (removal != (listed.TryGetValue(name, out var deleted) ? deleted ? Removal.Hidden : Removal.BroughtBack : Removal.Purged))
                broken.Add($"{name} is {removal}, and the catalog does not say so");
            Generator? found;
            try
            {
                found = await FindAsync(client, name);
            }
            catch (Exception e) when (e is OperationCanceledException or TortureException)
            {
                broken.Add($"{name} is not told: {e.Message}");
                continue;
            }

            var isRight = removal switch
            {
                Removal.Purged => found is null,
                Removal.Hidden => found is { DeleteTime: not null },
                _ => found is { DeleteTime: null, State: GeneratorState.Ready },
            };
            if (!isRight) broken.Add($"{name} is {removal}, and found as {found?.ToString() ?? "nothing"}");
            if (removal == Removal.Purged)
                broken.AddRange(journal.Jobs.Values
                    .Where(j => j.Subject == name && books.Logs.ContainsKey(j.Name))
                    .Select(j => $"{j.Name} is left of {name}"));
        }

        return new("deleted generators stay so, those brought back are ready, of removed ones nothing is left", journal.Removals.Count, broken);
    }

    private static async Task<Generator?> FindAsync(Client client, string name)
    {
        try
        {
            return await client.AskAsync(
                async studio => await studio.Generators.GetGeneratorAsync(new GetGeneratorRequest { Name = name }, client.Limits),
                e => e.StatusCode == StatusCode.NotFound);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }
}
