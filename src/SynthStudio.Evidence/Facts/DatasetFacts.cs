namespace SynthStudio.Evidence.Facts;

/// <summary>A real table.</summary>
public sealed record DatasetFacts
{
    /// <summary>The data set, with the SHA-256 of its bytes.</summary>
    public required FactSource Source { get; init; }

    public string DisplayName { get; init; } = "";

    public required string State { get; init; }

    /// <summary>Nothing of it is told but that: it is only to be learned under differential privacy.</summary>
    public bool IsWithheld { get; init; }

    /// <summary>Null when it is not known, or not told.</summary>
    public long? Rows { get; init; }

    /// <summary>The version that it follows; empty for the first.</summary>
    public string PreviousVersion { get; init; } = "";

    /// <summary>Whether its stored bytes are encrypted; null when there are none.</summary>
    public bool? IsEncrypted { get; init; }

    /// <summary>Whether somebody looked for personal data in it: its profile was made.</summary>
    public bool IsExamined { get; init; }

    /// <summary>Columns that hold personal data as far as was found, and those that the owner marked.</summary>
    public required IReadOnlyList<ColumnFacts> Columns { get; init; }

    /// <summary>Counts of sets of columns that tell rows apart.</summary>
    public required IReadOnlyList<AnonymityFacts> Anonymity { get; init; }

    /// <summary>How its people's privacy budget stands, in each population that it is of.</summary>
    public required IReadOnlyList<BudgetFacts> Budgets { get; init; }

    public string Name => Source.Resource;

    /// <summary>For people.</summary>
    public string Label => Labels.Mark(Labels.Of(DisplayName, Name), State);
}

/// <summary>What is known of a column and persons.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Found">Kinds of personal data that were found in it, each with how sure that is, 0 to 1.</param>
/// <param name="Proposed">What the finding makes of it, a name of <c>Sensitivity</c>; <c>Unspecified</c> for nothing.</param>
/// <param name="Mark">What the owner marked it as; <c>Unspecified</c> when they did not.</param>
public sealed record ColumnFacts(string Column, IReadOnlyDictionary<string, double> Found, string Proposed, string Mark)
{
    public const string DirectIdentifier = "DirectIdentifier", Unspecified = "Unspecified", None = "None";

    /// <summary>The owner's word, else what was found.</summary>
    public string Sensitivity => Mark != Unspecified ? Mark : Proposed;
}

/// <summary>A count of k-anonymity. Exact figures stay with whom the data policy names: here is only whether small groups exist.</summary>
/// <param name="Source">The analysis, with the SHA-256 of its result.</param>
/// <param name="SetsCounted">Sets of columns that were counted.</param>
/// <param name="MostColumns">Columns in a set, at most.</param>
/// <param name="HasUniqueRows">Whether some set tells a row from all others.</param>
/// <param name="HasSmallGroups">Whether some set leaves groups of fewer than five rows.</param>
public sealed record AnonymityFacts(FactSource Source, int SetsCounted, int MostColumns, bool HasUniqueRows, bool HasSmallGroups);

/// <summary>The privacy ledger of a population, the people of one or more tables.</summary>
/// <param name="Population">Its name.</param>
/// <param name="Epsilon">What may be spent; null before the owner said so.</param>
/// <param name="Delta">The same.</param>
/// <param name="SpentEpsilon">Spent or reserved; null for no bound.</param>
/// <param name="PrivateReleases">Results released under a guarantee.</param>
/// <param name="NonPrivateReleases">Results released without one: profiles, reports, models without terms.</param>
/// <param name="Events">Lines of the ledger.</param>
public sealed record BudgetFacts(
    string Population, double? Epsilon, double? Delta, double? SpentEpsilon, long PrivateReleases, long NonPrivateReleases, long Events);
