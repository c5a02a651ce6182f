namespace SynthStudio.Evaluation.Anonymity;

/// <summary>How large the crowds are in which synthetic rows stand, by the quasi-identifiers; numbers count as their QA bins.</summary>
/// <param name="QuasiIdentifiers">The columns that others may know.</param>
/// <param name="AreGuessed">Whether nobody named them and they were chosen by their names.</param>
/// <param name="Synthetic">The synthetic table.</param>
/// <param name="Holdout">The holdout in its place: real people as if they were released; null without one.</param>
public sealed record AnonymityResult(
    IReadOnlyList<string> QuasiIdentifiers, bool AreGuessed, CrowdSizes Synthetic, CrowdSizes? Holdout);

/// <summary>Crowds of one table.</summary>
/// <param name="SmallestClass">Rows of the smallest class of equal quasi-identifiers (k-anonymity).</param>
/// <param name="UniqueShare">Share of rows that are alone in their class.</param>
/// <param name="SmallestMap">Training people who share a row's quasi-identifiers, the least over rows that match anybody (k-map);
/// null when none does, or it is left out.</param>
/// <param name="MapsToOneShare">Share of rows whose quasi-identifiers exactly one training person has; null where it is left out.</param>
/// <param name="MapsToFewShare">Share of rows whose quasi-identifiers one to four training people have; null where it is left out.</param>
/// <param name="Sensitive">The column whose values are counted within classes; null without one.</param>
/// <param name="LeastDiverse">Distinct sensitive values, the least over classes of at least five rows (l-diversity); null when there is no such class.</param>
/// <param name="UniformShare">Share of rows in classes of at least five rows that all have the same sensitive value.</param>
public sealed record CrowdSizes(
    int SmallestClass,
    double UniqueShare,
    int? SmallestMap,
    double? MapsToOneShare,
    double? MapsToFewShare,
    string? Sensitive,
    int? LeastDiverse,
    double? UniformShare);
