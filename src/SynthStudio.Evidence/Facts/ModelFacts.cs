namespace SynthStudio.Evidence.Facts;

/// <summary>A generator.</summary>
public sealed record GeneratorFacts
{
    /// <summary>The generator, with the SHA-256 of its model.</summary>
    public required FactSource Source { get; init; }

    public string DisplayName { get; init; } = "";

    public required string State { get; init; }

    /// <summary>What it learned; empty for one that was imported, or reads no data.</summary>
    public required string Dataset { get; init; }

    /// <summary>Whether it makes its rows of a declaration, without any data.</summary>
    public bool IsDeclared { get; init; }

    public required string Method { get; init; }

    /// <summary>Null without a model.</summary>
    public string? ModelSha256 { get; init; }

    /// <summary>Of the program that trained; null when it is not stored.</summary>
    public string? CodeVersion { get; init; }

    /// <summary>Of what the training was to do, without the data.</summary>
    public required string ConfigFingerprint { get; init; }

    /// <summary>What the model promises; null when it promises nothing, or there is none.</summary>
    public PromiseFacts? Promise { get; init; }

    /// <summary>
    /// Columns that are learned with their values although they are marked, or were found, as direct
    /// identifiers; null when its table is not stored here.
    /// </summary>
    public required IReadOnlyList<string>? LearnedIdentifiers { get; init; }

    /// <summary>Where it was imported from; null when it was made here.</summary>
    public OriginFacts? Origin { get; init; }

    public string Name => Source.Resource;

    /// <summary>For people.</summary>
    public string Label => Labels.Mark(DisplayName.Length > 0 ? Labels.Of(DisplayName, Name) : $"{Method} model {Labels.Short(Name)}", State);
}

/// <summary>Where a model that was not trained here comes from: the word of who signed its package.</summary>
/// <param name="Deployment">What the installation that signed calls itself.</param>
/// <param name="Generator">Resource name of the generator there.</param>
/// <param name="Signer">Whose key signed, as this server's settings call it; empty for a package without signature.</param>
/// <param name="KeyId">The key; empty likewise.</param>
/// <param name="ClaimedEpsilon">What the package says that the model promises; null when it says nothing of that.</param>
public sealed record OriginFacts(string Deployment, string Generator, string Signer, string KeyId, double? ClaimedEpsilon)
{
    /// <summary>For people.</summary>
    public string Label => Signer.Length > 0 ? $"imported from {Deployment}, signed by {Signer} (key {KeyId})" : "imported in a package that nobody signed";
}

/// <summary>A promise of differential privacy.</summary>
/// <param name="Epsilon">Bound on what one unit changes, in nats.</param>
/// <param name="Delta">The probability that the bound does not hold.</param>
/// <param name="Unit"><c>row</c>, or the column whose equal values are one unit.</param>
/// <param name="MaxRowsPerUnit">Rows of one unit that were used, at most.</param>
/// <param name="Neighbouring">Which tables count as neighbours.</param>
/// <param name="Accountant">By which epsilon was computed from the events; null when it was not computed again for this pack.</param>
/// <param name="AttackerTruePositives">What an attacker with every other row finds of the members at most, at 1 % false accusations; null when not computed.</param>
/// <param name="Outside">What the promise does not cover.</param>
public sealed record PromiseFacts(
    double Epsilon, double Delta, string Unit, int MaxRowsPerUnit, string Neighbouring,
    string? Accountant, double? AttackerTruePositives, IReadOnlyList<string> Outside);

/// <summary>Drawn rows.</summary>
/// <param name="Source">The synthetic data set.</param>
/// <param name="DisplayName">For people.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Generator">What drew them.</param>
/// <param name="ModelSha256">Of the model package that they were drawn from; null where nobody noted it. The generator may have another one since.</param>
/// <param name="Rows">How many were asked for.</param>
public sealed record SyntheticFacts(FactSource Source, string DisplayName, string State, string Generator, string? ModelSha256, long Rows)
{
    public const string Ready = "Ready";

    public string Name => Source.Resource;

    /// <summary>For people.</summary>
    public string Label => Labels.Mark(Labels.Of(DisplayName, Name), State);
}

/// <summary>What an evaluation measured.</summary>
public sealed record EvaluationFacts
{
    /// <summary>The evaluation, or the generator whose training made the report, with the SHA-256 of the report.</summary>
    public required FactSource Source { get; init; }

    /// <summary>The real table.</summary>
    public required string Dataset { get; init; }

    /// <summary>The synthetic data set, or the generator for a report that its training made.</summary>
    public required string Scored { get; init; }

    /// <summary>The generator that drew what is scored; empty for rows from elsewhere.</summary>
    public required string Generator { get; init; }

    /// <summary>Of the model package that what is scored was drawn from; null where nobody noted it. The generator may have another one since.</summary>
    public required string? ModelSha256 { get; init; }

    /// <summary>The report's verdict in words; empty when it has none.</summary>
    public string Headline { get; init; } = "";

    /// <summary>Scores by name; those that were not measured are left out.</summary>
    public required IReadOnlyDictionary<string, double> Scores { get; init; }

    /// <summary>Whether real rows that the generator never saw were there to compare with.</summary>
    public bool HasHoldout { get; init; }

    /// <summary>How thoroughly the rows were attacked: <c>None</c>, <c>Fast</c> or <c>Full</c>; null when nothing is stored of it.</summary>
    public string? AttackMode { get; init; }

    /// <summary>Every privacy measure with a test.</summary>
    public required IReadOnlyList<TestFacts> Tests { get; init; }

    /// <summary>Every attack with its figures.</summary>
    public required IReadOnlyList<AttackFacts> Attacks { get; init; }

    /// <summary>What has no figure, and why, as the report says.</summary>
    public required IReadOnlyList<string> NotMeasured { get; init; }

    /// <summary>Whether the figures were computed by looking at the training rows of a differentially private model, outside of its promise.</summary>
    public bool IsOutsideGuarantee { get; init; }

    public bool WasAttacked => Attacks.Count > 0;

    public string Name => Source.Resource;

    /// <summary>For people.</summary>
    public string Label => Scored.Contains("/generators/", StringComparison.Ordinal) ? $"report of the training of {Labels.Short(Scored)}" : $"evaluation {Labels.Short(Name)}";
}

/// <summary>A privacy measure.</summary>
/// <param name="Measure">For example <c>exact_copies</c>.</param>
/// <param name="PValue">How likely so much or more is when nothing leaks, at most: packs tell alarms from none, and no more of it.</param>
/// <param name="IsAlarm">Whether that is too unlikely, all measures considered.</param>
/// <param name="Finding">In words.</param>
public sealed record TestFacts(string Measure, double PValue, bool IsAlarm, string Finding);

/// <summary>An attack.</summary>
/// <param name="Attack">For example <c>singling_out</c>.</param>
/// <param name="Variant">Which form of it.</param>
/// <param name="Attempts">People that were attacked, or guesses.</param>
/// <param name="Success">Share that succeeded.</param>
/// <param name="Control">The same on people the generator never saw.</param>
/// <param name="Risk">What the attack gains from the generator having seen these very people.</param>
/// <param name="BeatsGuessing">Whether it beats guessing without looking; an attack that does not says nothing.</param>
public sealed record AttackFacts(string Attack, string Variant, int Attempts, double Success, double Control, double Risk, bool BeatsGuessing);
