using Microsoft.Extensions.Logging;

namespace SynthStudio.Compute;

/// <summary>
/// What workers know, asked of a compute silo of the cluster: for a host without workers. The methods that were last told stay known while no
/// compute silo is up, so that definitions can be written and jobs wait in the queue.
/// </summary>
internal sealed class ClusterKnowledge(IGrainFactory grains, TimeProvider time, ILogger<ClusterKnowledge> logger)
    : IMethodDirectory, ISchemaChecker, IDeclaredTables, ITrainingForecasts
{
    /// <summary>Silos of another version may join at any time.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private volatile Answer? known;

    public async ValueTask<IReadOnlyList<MethodDescription>> ListAsync(CancellationToken cancellation)
    {
        if (known is { } fresh && time.GetElapsedTime(fresh.Timestamp) < Lifetime) return fresh.Methods;

        KnownMethods? silent = null;
        foreach (var silo in await FindSilosAsync(cancellation))
        {
            var told = await silo.ListMethodsAsync().WaitAsync(cancellation);
            if (told.Reason.Length == 0)
            {
                known = new Answer(told.Methods, time.GetTimestamp());
                return told.Methods;
            }

            silent = told;
        }

        if (known is { } last) return last.Methods;
        throw silent is null
            ? new MethodsUnknownException(MethodsUnknownException.NoComputeSilo, "No silo with workers is in the cluster: nothing can be trained or drawn now.")
            : new MethodsUnknownException(silent.Reason, silent.Message);
    }

    public async ValueTask<WorkError?> FindFaultAsync(string schemaJson, CancellationToken cancellation)
    {
        try
        {
            return await FindSilosAsync(cancellation) is [var silo, ..] ? await silo.FindSchemaFaultAsync(schemaJson).WaitAsync(cancellation) : null;
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            MethodsLog.NotAnswered(logger, e, nameof(ISchemaChecker), e.Message);
            return null;
        }
    }

    public async ValueTask<DeclaredRows> MakeAsync(string declarationJson, int rows, CancellationToken cancellation)
    {
        foreach (var silo in await FindSilosAsync(cancellation))
        {
            if (await silo.MakeDeclaredRowsAsync(declarationJson, rows).WaitAsync(cancellation) is { } made) return made;
        }

        throw new MethodsUnknownException(MethodsUnknownException.NoComputeSilo, "No silo with workers is in the cluster that could make rows of a declared table.");
    }

    /// <remarks>Silos of an earlier version do not know the question: the next one is asked.</remarks>
    public async ValueTask<TrainingForecast?> ForecastAsync(TrainingQuestion question, CancellationToken cancellation)
    {
        foreach (var silo in await FindSilosAsync(cancellation))
        {
            try
            {
                if (await silo.ForecastTrainingAsync(question).WaitAsync(cancellation) is { } forecast) return forecast;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                MethodsLog.NotAnswered(logger, e, nameof(ITrainingForecasts), e.Message);
            }
        }

        return null;
    }

    private async Task<List<IWorkerKnowledgeGrain>> FindSilosAsync(CancellationToken cancellation)
    {
        var cluster = await grains.GetGrain<ISchedulerGrain>(0).GetClusterAsync().WaitAsync(cancellation);
        return [.. cluster.Silos.Where(s => !s.Draining).Select(s => grains.GetGrain<IWorkerKnowledgeGrain>(s.Address.ToParsableString()))];
    }

    private sealed record Answer(IReadOnlyList<MethodDescription> Methods, long Timestamp);
}
