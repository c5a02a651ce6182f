namespace SynthStudio.Evidence.Facts;

/// <summary>
/// What is stored of a project at one moment, as far as evidence needs it: names, settings and figures, no values of data, people as <c>users/…</c> only.
/// Everything else in a pack is a function of this.
/// </summary>
public sealed record ProjectFacts
{
    /// <summary><c>projects/{project}</c>.</summary>
    public required string Project { get; init; }

    /// <summary>
    /// The generator or synthetic data set that the facts are limited to, with all that it comes from and
    /// that came of it; empty for the whole project.
    /// </summary>
    public string Subject { get; init; } = "";

    /// <summary>When they were read.</summary>
    public required DateTimeOffset AsOf { get; init; }

    public required DateTimeOffset ProjectCreated { get; init; }

    /// <summary>Of the program that read them.</summary>
    public required string ServerVersion { get; init; }

    public required AccessFacts Access { get; init; }

    public required RetentionFacts Retention { get; init; }

    public required IReadOnlyList<DatasetFacts> Datasets { get; init; }

    public required IReadOnlyList<GeneratorFacts> Generators { get; init; }

    public required IReadOnlyList<SyntheticFacts> SyntheticDatasets { get; init; }

    public required IReadOnlyList<EvaluationFacts> Evaluations { get; init; }

    public required TrailFacts Trail { get; init; }

    /// <summary>Where events of the project are sent to.</summary>
    public required IReadOnlyList<ReceiverFacts> Receivers { get; init; }

    /// <summary>Databases and buckets of others that rows came from, went to, or may.</summary>
    public required IReadOnlyList<ConnectionFacts> Connections { get; init; }

    /// <summary>Real tables whose values may be sent to language models.</summary>
    public required IReadOnlyList<ConsentFacts> Consents { get; init; }

    public required InstallationFacts Installation { get; init; }

    /// <summary>Generators with a model.</summary>
    public IEnumerable<GeneratorFacts> Models => Generators.Where(g => g.ModelSha256 is not null);

    /// <summary>
    /// Models that the facts are about: of one generator, or drawn rows, those that it started from are there for where they
    /// come from, without what was measured of them.
    /// </summary>
    public IEnumerable<GeneratorFacts> ModelsInQuestion =>
        Subject.Length == 0 ? Models : Models.Where(m => m.Name == Subject || SyntheticDatasets.Any(s => s.Generator == m.Name));

    /// <summary>Whether it is known that the rows were drawn from the model that their generator has now.</summary>
    public bool IsOfPresentModel(SyntheticFacts rows) => IsPresent(rows.Generator, rows.ModelSha256);

    /// <summary>
    /// Whether it is known that what was evaluated was drawn from the model that its generator has now; what was
    /// measured of another one says nothing of this one.
    /// </summary>
    public bool IsOfPresentModel(EvaluationFacts evaluation) => IsPresent(evaluation.Generator, evaluation.ModelSha256);

    /// <summary>
    /// Whether what was evaluated is compared with the rows that its generator learned: beside others, copies and attacks tell nothing of
    /// the people it learned. One that is declared learned none.
    /// </summary>
    public bool IsBesideLearnedRows(EvaluationFacts evaluation) =>
        Generators.Any(g => g.Name == evaluation.Generator && (g.IsDeclared || g.Dataset == evaluation.Dataset));

    private bool IsPresent(string generator, string? model) =>
        model is not null && Generators.Any(g => g.Name == generator && g.ModelSha256 == model);

    /// <summary>Drawn rows that can be had.</summary>
    public IEnumerable<SyntheticFacts> ReadyRows => SyntheticDatasets.Where(s => s.State == SyntheticFacts.Ready);

    /// <summary>Names of what was deleted, and is stored until its time to be brought back is over.</summary>
    public IEnumerable<string> Deleted =>
    [
        .. Datasets.Where(d => d.State == Labels.Deleted).Select(d => d.Name), .. Generators.Where(g => g.State == Labels.Deleted).Select(g => g.Name),
        .. SyntheticDatasets.Where(s => s.State == Labels.Deleted).Select(s => s.Name),
    ];
}

/// <summary>Who may do what in a project.</summary>
/// <param name="Source">The members.</param>
/// <param name="Members">People and programs with their roles.</param>
/// <param name="RealRows">Who may see real rows: <c>Owners</c>, <c>Editors</c> or <c>Nobody</c>.</param>
public sealed record AccessFacts(FactSource Source, IReadOnlyList<MemberFacts> Members, string RealRows);

/// <summary>A member.</summary>
/// <param name="Principal"><c>users/…</c>.</param>
/// <param name="Role"><c>Owner</c>, <c>Editor</c>, <c>Viewer</c> or <c>Auditor</c>.</param>
/// <param name="IsProgram">Whether it is a service account.</param>
/// <param name="HasAccount">Whether it has a password here, and so may sign in by it.</param>
/// <param name="HasSecondFactor">Whether sign-ins by that password ask for a second factor.</param>
public sealed record MemberFacts(string Principal, string Role, bool IsProgram, bool HasAccount, bool HasSecondFactor)
{
    /// <summary>
    /// Other providers by which it may sign in, by id. What they ask for is not stored here; the
    /// second factor of the account is not asked for then.
    /// </summary>
    public IReadOnlyList<string> SignInProviders { get; init; } = [];
}

/// <summary>How long a project keeps what is in it.</summary>
/// <param name="Source">The project.</param>
/// <param name="Days">Days by kind (<c>datasets</c>, <c>generators</c>, <c>synthetic_datasets</c>, <c>evaluations</c>,
/// <c>evidence_packs</c>); a kind without an entry is kept.</param>
/// <param name="Overdue">What the retention removes at its next run.</param>
/// <param name="KeptThoughOver">What is kept although its time is over, with the reason.</param>
public sealed record RetentionFacts(
    FactSource Source, IReadOnlyDictionary<string, double> Days, IReadOnlyList<string> Overdue, IReadOnlyDictionary<string, string> KeptThoughOver);

/// <summary>Where events are sent to.</summary>
/// <param name="Source">The webhook.</param>
/// <param name="Host">Name of the receiving machine.</param>
/// <param name="IsEncrypted">Whether over TLS.</param>
/// <param name="IsOn">Whether it is switched on.</param>
public sealed record ReceiverFacts(FactSource Source, string Host, bool IsEncrypted, bool IsOn);

/// <summary>A database or bucket of others.</summary>
/// <param name="Source">The connection, or a transfer that brought its own address.</param>
/// <param name="Host">Name or address of the machine.</param>
/// <param name="Tls"><c>Verified</c>, <c>Unverified</c> (with any certificate) or <c>None</c>.</param>
/// <param name="Imported">Data sets whose rows came from there, as far as their transfers are kept.</param>
/// <param name="Exported">Synthetic data sets whose rows went there, likewise.</param>
/// <param name="ExportedReal">Data sets whose own rows, real ones, went there, likewise.</param>
public sealed record ConnectionFacts(
    FactSource Source, string Host, string Tls, IReadOnlyList<string> Imported,
    IReadOnlyList<string> Exported, IReadOnlyList<string> ExportedReal)
{
    public const string Verified = "Verified";

    /// <summary>Whether rows came from there or went there.</summary>
    public bool WasUsed => Imported.Count + Exported.Count + ExportedReal.Count > 0;

    /// <summary>Whether it held, or was sent, real rows.</summary>
    public bool HoldsRealRows => Imported.Count + ExportedReal.Count > 0;

    /// <summary>In words.</summary>
    public string Protection => Tls switch { Verified => "over TLS", "Unverified" => "over TLS with any certificate", _ => "without TLS" };
}

/// <summary>An owner's consent that values of a real table are sent to language models.</summary>
/// <param name="Source">The consent.</param>
/// <param name="Dataset">The table.</param>
/// <param name="Recipients">Hosts of those models, for which it was given.</param>
public sealed record ConsentFacts(FactSource Source, string Dataset, IReadOnlyList<string> Recipients);
