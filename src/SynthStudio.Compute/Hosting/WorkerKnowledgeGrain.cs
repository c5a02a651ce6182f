using Orleans.Concurrency;

namespace SynthStudio.Compute;

/// <inheritdoc cref="IWorkerKnowledgeGrain"/>
[GrainType("synthstudio.workerknowledge"), OnNamedSilo, Reentrant]
internal sealed class WorkerKnowledgeGrain(
    IMethodDirectory methods, ISchemaChecker schemas, IDeclaredTables tables, ITrainingForecasts forecasts)
    : Grain, IWorkerKnowledgeGrain
{
    public async Task<KnownMethods> ListMethodsAsync()
    {
        try
        {
            return new KnownMethods(await methods.ListAsync(CancellationToken.None));
        }
        catch (MethodsUnknownException e)
        {
            return new KnownMethods([], e.Reason, e.Message);
        }
    }

    public async Task<WorkError?> FindSchemaFaultAsync(string schemaJson) => await schemas.FindFaultAsync(schemaJson, CancellationToken.None);

    public async Task<DeclaredRows?> MakeDeclaredRowsAsync(string declarationJson, int rows)
    {
        try
        {
            return await tables.MakeAsync(declarationJson, rows, CancellationToken.None);
        }
        catch (MethodsUnknownException)
        {
            return null;
        }
    }

    public async Task<TrainingForecast?> ForecastTrainingAsync(TrainingQuestion question) => await forecasts.ForecastAsync(question, CancellationToken.None);
}
