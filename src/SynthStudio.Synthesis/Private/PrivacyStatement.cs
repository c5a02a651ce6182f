using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SynthStudio.Privacy.Events;

namespace SynthStudio.Synthesis.Private;

/// <summary>What a model promises about the people in its training data, and what that rests on. Travels with the model.</summary>
[JsonConverter(typeof(PrivacyStatementConverter))]
public sealed record PrivacyStatement
{
    /// <summary>Two tables are neighbours when one is the other without all rows of one unit.</summary>
    public const string AddOrRemoveOne = "add_or_remove_one";

    /// <summary>The unit when it is a single row.</summary>
    public const string RowUnit = "row";

    private const string UsualCaution =
        "Rare categories and extreme values are left out by default; the model may still reflect single rows.";

    private const string NoDataRead = "No data was read: its rows are made from a declaration alone, and tell of nobody unless the declaration does.";

    /// <summary>The statement of every model that was trained without terms.</summary>
    public static PrivacyStatement None { get; } = new() { Event = new NonPrivateEvent() };

    /// <summary>The statement of a model that read no data: it promises nothing, as there is nobody whom a promise could be about.</summary>
    public static PrivacyStatement NoData { get; } = new() { Event = new ComposedEvent([]), Declared = ["all columns, with their distributions and values"] };

    /// <summary>The statement of a training that kept its terms.</summary>
    /// <param name="terms">Completed: see <see cref="PrivacyTerms.CompletedBy"/>.</param>
    /// <param name="spent">Everything that touched the data.</param>
    /// <param name="epsilon">Its privacy loss at the delta of the terms.</param>
    /// <param name="rows">Rows as declared or as counted with noise.</param>
    /// <param name="domain">What of the domain was bought.</param>
    /// <param name="others">What else was.</param>
    public static PrivacyStatement Kept(
        PrivacyTerms terms, PrivacyEvent spent, double epsilon, long rows,
        IReadOnlyList<string> domain, IReadOnlyList<string> others) => new()
    {
        Guaranteed = true,
        Epsilon = epsilon,
        Delta = terms.Delta,
        Unit = terms.UnitColumn ?? RowUnit,
        MaxRowsPerUnit = terms.MaxRowsPerUnit,
        Event = spent,
        Rows = terms.Rows ?? rows,
        Declared =
        [
            domain.Count == 0 ? "kinds, bounds, categories and bins of all columns" : "kinds of all columns, and what else of their domains was not bought",
            .. terms.Rows is null ? Array.Empty<string>() : ["number of rows"],
            .. terms.UnitColumn is null ? ["that every person has at most one row"] : Array.Empty<string>(),
            .. terms.Part is { } part ? [$"that nobody is in two parts by '{part.Column}', of which '{part.Name}' was learned"] : Array.Empty<string>(),
        ],
        Bought = [.. terms.Rows is null ? ["number of rows"] : Array.Empty<string>(), .. domain, .. others],
        Outside = ["how long the training took and how much memory", "reports that compare drawn rows with the training table"],
    };

    /// <summary>Whether anything is promised; all that follows is without meaning otherwise.</summary>
    public bool Guaranteed { get; init; }

    /// <summary>The privacy loss that was spent, at most the epsilon of the terms.</summary>
    public double Epsilon { get; init; }

    public double Delta { get; init; }

    /// <summary>What is protected: <see cref="RowUnit"/>, or the column whose equal values are one unit.</summary>
    public string Unit { get; init; } = RowUnit;

    /// <summary>Most rows of a unit that were used.</summary>
    public int MaxRowsPerUnit { get; init; } = 1;

    public string Neighbouring { get; init; } = AddOrRemoveOne;

    /// <summary>Everything that touched the data, composed: whoever doubts <see cref="Epsilon"/> can account for it again.</summary>
    public required PrivacyEvent Event { get; init; }

    /// <summary>Rows of the training table as declared, or as counted with noise; 0 when nothing is promised.</summary>
    public long Rows { get; init; }

    /// <summary>What the owner declared, and the promise therefore takes for public.</summary>
    public IReadOnlyList<string> Declared { get; init; } = [];

    /// <summary>What was learned of the domain and paid for from the budget.</summary>
    public IReadOnlyList<string> Bought { get; init; } = [];

    /// <summary>What the promise does not cover.</summary>
    public IReadOnlyList<string> Outside { get; init; } = [];

    /// <summary>The promise in a sentence for people.</summary>
    public string Text => !Guaranteed && PrivacyEvents.Flatten(Event).Count == 0 ? NoDataRead
        : !Guaranteed ? $"No differential privacy. {(Outside.Count > 0 ? string.Join(' ', Outside) : UsualCaution)}"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"Differentially private: epsilon {Epsilon:0.####} at delta {Delta:0.###e+0}, for {(Unit == RowUnit ? "single rows" : $"all rows of one '{Unit}', at most {MaxRowsPerUnit}")}.");

    /// <summary>As JSON, in snake_case, with the event as <see cref="PrivacyEventJson"/> writes it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is no statement.</exception>
    public static PrivacyStatement Parse(string json) => JsonSerializer.Deserialize<PrivacyStatement>(json) ?? throw new JsonException("null");
}
