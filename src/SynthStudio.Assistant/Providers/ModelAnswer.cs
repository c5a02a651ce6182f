namespace SynthStudio.Assistant.Providers;

/// <summary>What a model said in one turn.</summary>
/// <param name="Provider">Who was asked, by id.</param>
/// <param name="Model">Which model of theirs.</param>
/// <param name="Text">Its words.</param>
/// <param name="Calls">Tools that it wants called.</param>
/// <param name="Use">What the turn took.</param>
/// <param name="IsCut">Whether the answer reached its greatest length.</param>
public sealed record ModelAnswer(string Provider, string Model, string Text, IReadOnlyList<FunctionCallContent> Calls, TokenUse Use, bool IsCut);
