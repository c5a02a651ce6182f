namespace SynthStudio.Orchestration;

/// <summary>Makes rows of tables that are declared and have no data. Only the workers parse declarations.</summary>
public interface IDeclaredTables
{
    /// <summary>Makes the first rows of a table, or says what is wrong with its declaration.</summary>
    /// <param name="declarationJson">As <c>synth mock</c> takes it.</param>
    /// <param name="rows">At least 1.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="MethodsUnknownException">There is no worker that could tell.</exception>
    ValueTask<DeclaredRows> MakeAsync(string declarationJson, int rows, CancellationToken cancellation);
}

/// <summary>Rows of a declared table.</summary>
/// <param name="Csv">With a header; empty when there are none.</param>
/// <param name="Fault">What is wrong with the declaration; null for nothing.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.DeclaredRows")]
public sealed record DeclaredRows([property: Id(0)] string Csv, [property: Id(1)] WorkError? Fault = null);
