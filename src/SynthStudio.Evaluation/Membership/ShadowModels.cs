using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Membership;

/// <summary>
/// How to train generators on other people, for membership inference by shadow models. Any method makes the attack valid; one like the
/// generator's own makes it strong.
/// </summary>
/// <param name="Method">The method's name, for the report.</param>
/// <param name="Count">Generators to train, 2 to 64.</param>
/// <param name="Draw">Learns the rows given and draws as many as asked for, from a seed; the rows may come in several tables.</param>
public sealed record ShadowModels(string Method, int Count, Func<Table, int, int, IEnumerable<Table>> Draw);

/// <summary>What the shadow models of an evaluation were.</summary>
/// <param name="Method">What they learned by.</param>
/// <param name="Count">How many there were.</param>
/// <param name="People">People that each learned, half of them of training on average.</param>
/// <param name="Rows">Rows that each drew.</param>
public sealed record ShadowFacts(string Method, int Count, int People, int Rows);
