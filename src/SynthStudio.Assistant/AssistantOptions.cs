using System.ComponentModel.DataAnnotations;
using SynthStudio.Assistant.Providers;

namespace SynthStudio.Assistant;

/// <summary>Which language models are asked, and how much. Nobody but the operator says where anything is sent.</summary>
public sealed class AssistantOptions : IValidatableObject
{
    /// <summary>The models, each at a service.</summary>
    public IList<ProviderOptions> Providers { get; init; } = [];

    /// <summary>Who is asked for what; the section <c>Routes</c>.</summary>
    public RouteOptions Routes { get; init; } = new();

    /// <summary>How often a provider is asked that is overloaded or away, before the next one is.</summary>
    [Range(1, 10, ErrorMessage = "must be 1 to 10.")]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Time to a provider's second attempt, where it does not name one; each further one takes twice as long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00", ErrorMessage = "must be 10 ms to 1 min, for example 00:00:01.")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Time that a provider may be silent, before its answer and within it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00", ErrorMessage = "must be 0.1 s to 10 min, for example 00:00:30.")]
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time that a call may take in all: attempts, tools and repairs.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00", ErrorMessage = "must be 0.1 s to 1 h, for example 00:02:00.")]
    public TimeSpan CallTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Tokens that a call may take in all, asked and answered.</summary>
    [Range(1000L, 10_000_000L, ErrorMessage = "must be 1000 to 10000000.")]
    public long CallTokens { get; set; } = 100_000;

    /// <summary>Tokens of one answer of a model.</summary>
    [Range(100, 100_000, ErrorMessage = "must be 100 to 100000.")]
    public int AnswerTokens { get; set; } = 4000;

    /// <summary>Tokens that a project may take a month (UTC), unless an administrator sets its share otherwise; 0 for any number.</summary>
    [Range(0L, long.MaxValue, ErrorMessage = "must be 0 (any number) or more.")]
    public long TokensPerMonth { get; set; } = 2_000_000;

    /// <summary>How often a model may ask for tools before it has to answer.</summary>
    [Range(0, 50, ErrorMessage = "must be 0 to 50.")]
    public int ToolRounds { get; set; } = 6;

    /// <summary>How often a model may mend an answer that is not as it has to be.</summary>
    [Range(0, 10, ErrorMessage = "must be 0 to 10.")]
    public int RepairRounds { get; set; } = 2;

    /// <summary>What each provider needs, and that routes name such as there are.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        for (var i = 0; i < Providers.Count; i++)
        {
            if (Providers[i].Problem() is { } problem) yield return new ValidationResult(problem, [$"{nameof(Providers)}:{i}"]);
        }

        var ids = Providers.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        if (ids.Count < Providers.Count) yield return new ValidationResult("have two entries with the same Id.", [nameof(Providers)]);
        foreach (var task in Enum.GetValues<AssistantTask>())
        {
            if (Routes.Of(task).FirstOrDefault(id => !ids.Contains(id)) is { } unknown)
                yield return new ValidationResult($"names the provider \"{unknown}\", which is not among SynthStudio:Api:Assistant:Providers.", [$"{nameof(Routes)}:{task}"]);
        }
    }

    /// <summary>Who is asked for something, in order.</summary>
    public IReadOnlyList<ProviderOptions> RouteOf(AssistantTask task) =>
        Routes.Of(task) is { Count: > 0 } named ? [.. named.Select(id => Providers.First(p => p.Id == id))] : [.. Providers];
}
