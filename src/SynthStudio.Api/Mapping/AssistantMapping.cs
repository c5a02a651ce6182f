using SynthStudio.Api.Errors;
using SynthStudio.Assistant;
using SynthStudio.Assistant.Budgets;
using SynthStudio.Assistant.Facts;
using SynthStudio.Assistant.Providers;
using SynthStudio.Assistant.Tasks;
using SynthStudio.Catalog.Assistant;

namespace SynthStudio.Api.Mapping;

/// <summary>What is asked of language models and what they answer, from and to the wire.</summary>
internal static class AssistantMapping
{
    private const int MostTurns = 50, LongestTurns = 60_000;

    public static V1.AssistantUse ToProto(this ModelAnswer answer, CallBudget budget) => new()
    {
        ModelId = answer.Provider, AskedTokens = budget.Used.Asked, AnsweredTokens = budget.Used.Answered, Estimated = budget.Used.IsEstimated,
    };

    public static V1.AssistantUsage ToProto(this AssistantUsage usage) => new()
    {
        Task = usage.Task.ToLowerInvariant(), Questions = usage.Questions, AskedTokens = usage.Asked, AnsweredTokens = usage.Answered,
    };

    public static V1.AssistantModel ToProto(this ProviderOptions provider, AssistantOptions options) => new()
    {
        Id = provider.Id,
        Model = provider.Model,
        Recipient = provider.Recipient(),
        Tasks =
        {
            System.Enum.GetValues<AssistantTask>()
                .Where(task => options.RouteOf(task).Contains(provider))
                .Select(task => task.ToString().ToLowerInvariant()),
        },
    };

    public static V1.OptionSuggestion ToProto(this OptionSuggestion suggestion) => new()
    {
        Option = suggestion.Option, Value = suggestion.Value, CurrentValue = suggestion.Now, Reason = suggestion.Reason,
    };

    public static V1.DraftedSection ToProto(this DraftSection section) => new()
    {
        Heading = section.Heading,
        Sentences = { section.Sentences.Select(s => new V1.DraftedSentence { Text = s.Text, Facts = { s.Facts } }) },
    };

    public static V1.StoredFact ToProto(this QuotableFact fact) =>
        new() { Id = fact.Id, Name = fact.Name, Value = fact.Value, Source = fact.Source, BearsOn = { fact.BearsOn } };

    public static V1.RejectedSentence ToProto(this RejectedSentence sentence) => new() { Text = sentence.Text, Reason = sentence.Reason };

    public static V1.ClassifiedColumn ToProto(this ClassifiedColumn column, string kind) => new()
    {
        Column = column.Name,
        Kind = kind,
        Content = column.Content,
        Confidence = column.Confidence,
        Reason = column.Reason,
        Sensitivity = column.Sensitivity switch
        {
            "direct_identifier" => V1.Sensitivity.DirectIdentifier,
            "quasi_identifier" => V1.Sensitivity.QuasiIdentifier,
            "sensitive" => V1.Sensitivity.Sensitive,
            _ => V1.Sensitivity.None,
        },
    };

    /// <exception cref="RpcException">INVALID_ARGUMENT: it is no conversation, or too long a one.</exception>
    public static IReadOnlyList<Said> ToSaid(this IReadOnlyList<V1.ChatTurn> turns, string field)
    {
        if (turns.Count is 0 or > MostTurns) throw ApiErrors.InvalidField(field, $"must be 1 to {MostTurns}.");
        if (turns.Sum(turn => turn.Text.Length) is var length && length > LongestTurns)
            throw ApiErrors.InvalidField(field, $"have {length} characters; at most {LongestTurns} are allowed.");
        if (turns.Any(turn => turn.Text.Length == 0 || turn.Role is not (V1.ChatRole.User or V1.ChatRole.Assistant)))
            throw ApiErrors.InvalidField(field, "each needs a text and a role, user or assistant.");
        if (turns[^1].Role != V1.ChatRole.User) throw ApiErrors.InvalidField(field, "the last must be the user's question.");
        return [.. turns.Select(turn => new Said(turn.Role == V1.ChatRole.Assistant, turn.Text))];
    }
}
