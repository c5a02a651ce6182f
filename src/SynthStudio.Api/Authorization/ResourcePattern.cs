namespace SynthStudio.Api.Authorization;

/// <summary>The shape of a resource name, for example <c>projects/*/datasets/*</c>; a star stands for an id.</summary>
internal sealed class ResourcePattern
{
    public static readonly ResourcePattern Project = new("projects/*");
    public static readonly ResourcePattern ProjectUsage = new("projects/*/usage");
    public static readonly ResourcePattern Member = new("projects/*/members/*");
    public static readonly ResourcePattern Upload = new("projects/*/uploads/*");
    public static readonly ResourcePattern Dataset = new("projects/*/datasets/*");
    public static readonly ResourcePattern DatasetProfile = new("projects/*/datasets/*/profile");
    public static readonly ResourcePattern DataPolicy = new("projects/*/dataPolicy");
    public static readonly ResourcePattern DatasetPreview = new("projects/*/datasets/*/preview");
    public static readonly ResourcePattern Analysis = new("projects/*/datasets/*/analyses/*");
    public static readonly ResourcePattern AnalysisResult = new("projects/*/datasets/*/analyses/*/result");
    public static readonly ResourcePattern DatasetSensitivity = new("projects/*/datasets/*/sensitivity");
    public static readonly ResourcePattern PrivacyBudget = new("projects/*/datasets/*/privacyBudget");
    public static readonly ResourcePattern PrivacyReport = new("projects/*/generators/*/privacyReport");
    public static readonly ResourcePattern Generator = new("projects/*/generators/*");
    public static readonly ResourcePattern GeneratorHealth = new("projects/*/generators/*/health");
    public static readonly ResourcePattern GeneratorAlias = new("projects/*/generatorAliases/*");
    public static readonly ResourcePattern ModelCard = new("projects/*/generators/*/modelCard");
    public static readonly ResourcePattern SyntheticDataset = new("projects/*/syntheticDatasets/*");
    public static readonly ResourcePattern Evaluation = new("projects/*/evaluations/*");
    public static readonly ResourcePattern EvaluationReport = new("projects/*/evaluations/*/report");
    public static readonly ResourcePattern EvidencePack = new("projects/*/evidencePacks/*");
    public static readonly ResourcePattern Job = new("projects/*/jobs/*");
    public static readonly ResourcePattern Webhook = new("projects/*/webhooks/*");
    public static readonly ResourcePattern WebhookDelivery = new("projects/*/webhooks/*/deliveries/*");
    public static readonly ResourcePattern Connection = new("projects/*/connections/*");
    public static readonly ResourcePattern Transfer = new("projects/*/transfers/*");
    public static readonly ResourcePattern User = new("users/*");
    public static readonly ResourcePattern ApiKey = new("users/*/apiKeys/*");
    public static readonly ResourcePattern Account = new("users/*/account");
    public static readonly ResourcePattern Session = new("users/*/sessions/*");
    public static readonly ResourcePattern Invitation = new("projects/*/invitations/*");
    public static readonly ResourcePattern ServiceAccount = new("projects/*/serviceAccounts/*");
    public static readonly ResourcePattern Assistant = new("projects/*/assistant");
    public static readonly ResourcePattern AssistantConsent = new("projects/*/datasets/*/assistantConsent");

    private readonly string _pattern;
    private readonly string[] _segments;

    private ResourcePattern(string pattern) => (_pattern, _segments) = (pattern, pattern.Split('/'));

    /// <summary>Whether a name has this shape and its ids are made of the letters that ids may have.</summary>
    public bool Matches(ReadOnlySpan<char> name)
    {
        for (var i = 0; ; i++)
        {
            var slash = name.IndexOf('/');
            var part = slash < 0 ? name : name[..slash];
            if (_segments[i] is "*" ? !IsId(part) : !part.SequenceEqual(_segments[i])) return false;
            var isLast = i == _segments.Length - 1;
            if (isLast || slash < 0) return isLast && slash < 0;
            name = name[(slash + 1)..];
        }
    }

    /// <summary>1 to 63 lower-case letters, digits and hyphens, starting with a letter or digit.</summary>
    public static bool IsId(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= 63 && id[0] != '-' && !id.ContainsAnyExcept(IdCharacters);

    public override string ToString() => _pattern;

    private static readonly System.Buffers.SearchValues<char> IdCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
}
