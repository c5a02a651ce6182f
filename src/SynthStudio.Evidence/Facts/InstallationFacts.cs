namespace SynthStudio.Evidence.Facts;

/// <summary>The audit trail of a project, read from its beginning to its end.</summary>
public sealed record TrailFacts
{
    /// <summary>The trail, with the hash of its last line.</summary>
    public required FactSource Source { get; init; }

    public required long Entries { get; init; }

    /// <summary>Whether every line's hash fits, and the end is the one that was signed and kept outside the database.</summary>
    public required bool IsSound { get; init; }

    /// <summary>Number of the last line whose signed hash is kept outside the database; 0 for none.</summary>
    public required long AnchoredSequence { get; init; }

    /// <summary>What is wrong.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Older copies of the database that were put back and accepted, in words: what was lost, who accepted it and why.</summary>
    public IReadOnlyList<string> Restores { get; init; } = [];

    /// <summary>Calls that did what they were to do, by method (<c>GeneratorService/TrainGenerator</c>), those of the service itself included.</summary>
    public required IReadOnlyDictionary<string, long> Done { get; init; }

    /// <summary>Calls that were refused or failed, by reason, or by status where there is no reason.</summary>
    public required IReadOnlyDictionary<string, long> Refused { get; init; }

    /// <summary>
    /// Changes of which the trail says that they began, more than an hour before it was read (a day, of
    /// those that move bytes), and not how they ended.
    /// </summary>
    public long Unended { get; init; }

    /// <summary>Methods, and looks of the assistant, that tell of real rows, models and reports beside them among them.</summary>
    public required IReadOnlyList<string> OfRealData { get; init; }

    /// <summary>How often all real rows of a data set were downloaded, by data set; of those without an entry never.</summary>
    public required IReadOnlyDictionary<string, long> Downloads { get; init; }

    /// <summary>Removals by the service itself: by the retention, and of what was deleted once its time to be brought back was over.</summary>
    public required long RemovedByRetention { get; init; }

    /// <summary>Those that did something in the project.</summary>
    public required int Actors { get; init; }

    /// <summary>How often a call was made, over all given methods.</summary>
    public long CountOf(Func<string, bool> method) => Done.Where(d => method(d.Key)).Sum(d => d.Value);

    public long RealDataReads => CountOf(OfRealData.Contains);

    /// <summary>The call that downloads all rows of a data set.</summary>
    public const string Download = "DatasetService/DownloadDataset";

    /// <summary>How an export of the rows of a data set is noted.</summary>
    public const string RealExport = "TransferService/ExportRealRows";

    /// <summary>Exports of real rows, those too whose transfers are not kept any more.</summary>
    public long RealExports => CountOf(m => m == RealExport);

    /// <summary>Downloads of real rows.</summary>
    public long RealDownloads => CountOf(m => m == Download);

    /// <summary>Looks that a language model took for a member.</summary>
    public const string AssistantLook = "AssistantTool/";

    public long Deletions => CountOf(IsDeletion);

    /// <summary>Whether a call deletes something, or removes what was deleted for good.</summary>
    public static bool IsDeletion(string method) =>
        method[(method.IndexOf('/', StringComparison.Ordinal) + 1)..] is var call
            && (call.StartsWith("Delete", StringComparison.Ordinal) || call.StartsWith("Purge", StringComparison.Ordinal));
}

/// <summary>How the server is set up, as far as it bears on people and their data.</summary>
public sealed record InstallationFacts
{
    /// <summary>Whether what is stored from now on is encrypted by keys of projects.</summary>
    public required bool EncryptsObjects { get; init; }

    /// <summary>Whether objects lie in a bucket; else in a folder of the server.</summary>
    public required bool UsesBucket { get; init; }

    /// <summary>Who may have an account: <c>Closed</c>, <c>Invited</c> or <c>Open</c>.</summary>
    public required string Registration { get; init; }

    /// <summary>Memory of a password's hash in KiB, and passes over it (Argon2id).</summary>
    public required int PasswordMemoryKiB { get; init; }

    public required int PasswordPasses { get; init; }

    /// <summary>A session that is not refreshed for so long ends.</summary>
    public required TimeSpan SessionIdleTime { get; init; }

    /// <summary>A session ends after this in any case.</summary>
    public required TimeSpan SessionLifetime { get; init; }

    /// <summary>Other providers that people may sign in by, by id.</summary>
    public required IReadOnlyList<string> SignInProviders { get; init; }

    /// <summary>How mails are sent: <c>None</c>, <c>Smtp</c> or <c>File</c>.</summary>
    public required string MailDelivery { get; init; }

    /// <summary>Calls a second that a user may make; 0 for any number.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Calls a second from an address; 0 for any number.</summary>
    public required double AddressRequestsPerSecond { get; init; }

    /// <summary>Origins whose pages may call from a browser.</summary>
    public required IReadOnlyList<string> AllowedOrigins { get; init; }

    /// <summary>A deleted project can be brought back for so long.</summary>
    public required TimeSpan ProjectGrace { get; init; }

    public required bool SendsWebhooks { get; init; }

    /// <summary>Hosts of the language models that members' questions go to; empty when the assistant is off.</summary>
    public required IReadOnlyList<string> LanguageModels { get; init; }

    /// <summary>Where these are read.</summary>
    public static FactSource Source { get; } = new("installation");
}
