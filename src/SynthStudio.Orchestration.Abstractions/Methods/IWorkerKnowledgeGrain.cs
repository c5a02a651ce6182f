namespace SynthStudio.Orchestration;

/// <summary>What the workers of one compute silo know, for processes without workers. Key: the silo's address as parsable text.</summary>
[Alias("synthstudio.IWorkerKnowledgeGrain")]
public interface IWorkerKnowledgeGrain : IGrainWithStringKey
{
    /// <summary>The methods, as <see cref="IMethodDirectory"/> tells them; none, with the reason, when the silo's worker cannot tell.</summary>
    [Alias("ListMethods")]
    Task<KnownMethods> ListMethodsAsync();

    /// <summary>As <see cref="ISchemaChecker"/>.</summary>
    [Alias("FindSchemaFault")]
    Task<WorkError?> FindSchemaFaultAsync(string schemaJson);

    /// <summary>As <see cref="IDeclaredTables"/>; null when the silo's worker cannot tell.</summary>
    [Alias("MakeDeclaredRows")]
    Task<DeclaredRows?> MakeDeclaredRowsAsync(string declarationJson, int rows);

    /// <summary>As <see cref="ITrainingForecasts"/>.</summary>
    [Alias("ForecastTraining")]
    Task<TrainingForecast?> ForecastTrainingAsync(TrainingQuestion question);
}

/// <summary>The methods of a silo's worker.</summary>
/// <param name="Methods">The default first; empty when it cannot tell.</param>
/// <param name="Reason">Why it cannot tell, as in <see cref="MethodsUnknownException"/>; empty when it can.</param>
/// <param name="Message">The same for people.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.KnownMethods")]
public sealed record KnownMethods(
    [property: Id(0)] IReadOnlyList<MethodDescription> Methods, [property: Id(1)] string Reason = "", [property: Id(2)] string Message = "");
