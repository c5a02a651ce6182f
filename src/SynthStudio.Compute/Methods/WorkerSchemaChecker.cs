using Microsoft.Extensions.Logging;

namespace SynthStudio.Compute;

/// <summary>Has the worker executable check schema files.</summary>
internal sealed class WorkerSchemaChecker(WorkerQuestions questions, ILogger<WorkerSchemaChecker> logger) : ISchemaChecker
{
    private const string Argument = "--check-schema";

    public async ValueTask<WorkError?> FindFaultAsync(string schemaJson, CancellationToken cancellation)
    {
        var answer = await questions.AskAsync(Argument, new() { CheckSchema = new() { SchemaJson = schemaJson } }, cancellation);
        if (answer?.Failed is { } failed) return WorkerDeclaredTables.Error(failed);
        if (answer?.Completed is null) MethodsLog.SchemaNotChecked(logger);
        return null;
    }
}
