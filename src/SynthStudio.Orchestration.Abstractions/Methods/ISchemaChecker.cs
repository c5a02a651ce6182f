namespace SynthStudio.Orchestration;

/// <summary>Checks schema files before they are kept. Only the workers know what one may say.</summary>
public interface ISchemaChecker
{
    /// <summary>
    /// What is wrong with the schema file; null when nothing is. Null too while no worker can tell: the job that reads the table by the
    /// schema checks it again.
    /// </summary>
    ValueTask<WorkError?> FindFaultAsync(string schemaJson, CancellationToken cancellation);
}
