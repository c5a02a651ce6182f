namespace SynthStudio.Synthesis;

/// <summary>What a package states about its origin, beside what the model itself knows.</summary>
/// <param name="TrainingRows">Rows of the training table.</param>
/// <param name="DataFingerprint">SHA-256 of the training data's bytes, lower-case hexadecimal; empty when not known.</param>
/// <param name="CodeVersion">Version of the software that trained it.</param>
/// <param name="Created">When training ended, UTC.</param>
/// <param name="Seed">Seed of the training.</param>
/// <param name="Options">The method options as given.</param>
public sealed record PackageFacts(
    long TrainingRows,
    string DataFingerprint,
    string CodeVersion,
    DateTimeOffset Created,
    long Seed,
    IReadOnlyDictionary<string, string> Options);
