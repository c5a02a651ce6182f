using SynthStudio.Catalog;

namespace SynthStudio.Api.Registry;

/// <summary>Which model rows are of.</summary>
internal static class DrawnFrom
{
    /// <summary>Whether it is known that the rows were drawn from the model that the generator has now.</summary>
    public static bool HasDrawn(this GeneratorSnapshot generator, SyntheticDatasetRecord drawn) =>
        generator.Model is { } model && drawn.ModelSha256 == model.Sha256;
}
