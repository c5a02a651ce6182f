namespace SynthStudio.Synthesis;

/// <summary>
/// Asks for rows with demographic parity (Dwork et al., Fairness through awareness, 2012): the target is independent of the sensitive column,
/// P(target | sensitive) = P(target). Both keep their own shares; they are drawn independently first and the other columns given both, so
/// that every column still fits the two it comes with.
/// </summary>
/// <param name="Target">The column whose rates shall be equal.</param>
/// <param name="Sensitive">The column across whose values they shall be equal.</param>
public sealed record FairnessRequest(string Target, string Sensitive);
