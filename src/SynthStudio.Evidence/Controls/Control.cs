using SynthStudio.Evidence.Queries;

namespace SynthStudio.Evidence.Controls;

/// <summary>Something that a law or standard asks for, and what of it can be asked of what is stored.</summary>
/// <param name="Id">By which programs know it, for example <c>gdpr-5-1-e</c>.</param>
/// <param name="Title">In our own words.</param>
/// <param name="Reference">The place, for example <c>GDPR Art. 5(1)(e)</c>.</param>
/// <param name="Asks">What it asks for, in our own words and as far as it bears on this software; the text itself decides.</param>
/// <param name="Queries">What is asked of the facts.</param>
/// <param name="Open">What nothing that is stored can answer: questions to whoever is responsible.</param>
public sealed record Control(string Id, string Title, string Reference, string Asks, IReadOnlyList<FactQuery> Queries, IReadOnlyList<string> Open);

/// <summary>A law or standard.</summary>
/// <param name="Id">For example <c>gdpr</c>.</param>
/// <param name="Title">For people.</param>
/// <param name="Source">The text, for who looks it up.</param>
/// <param name="Controls">What it asks for, in the text's order.</param>
public sealed record Framework(string Id, string Title, string Source, IReadOnlyList<Control> Controls)
{
    /// <summary>All that there are.</summary>
    public static IReadOnlyList<Framework> All { get; } = [Gdpr.Framework, Hipaa.Framework, Ccpa.Framework, Soc2.Framework];

    /// <summary>The one of this id; null when there is none.</summary>
    public static Framework? Find(string id) => All.FirstOrDefault(f => f.Id == id);
}
