namespace SynthStudio.Synthesis.Private;

/// <summary>Options of every private method: what of the table's domain is declared, and what is paid for.</summary>
/// <param name="Bins">Bins of numbers, dates and times that declare none.</param>
/// <param name="BuysCategories">Whether categories that are not declared are paid for from the budget.</param>
/// <param name="BuysBounds">Whether bounds are.</param>
/// <param name="BuysEdges">Whether edges of bins are; else they are of equal width.</param>
internal sealed record DomainOptions(int Bins, bool BuysCategories, bool BuysBounds, bool BuysEdges)
{
    private const string Declared = "declared", Bought = "bought", Equal = "equal";

    /// <param name="bins">Default.</param>
    public static IReadOnlyList<MethodOption> Known(int bins) =>
    [
        MethodOption.Integer("bins", "Ranges that numbers, dates and times are cut into unless the schema says how many.", 2, 1_000, bins),
        MethodOption.Choice("edges", "Edges of those ranges: bought from the budget, so that frequent values stand out, or equally wide.", [Bought, Equal], Bought),
        MethodOption.Choice("bounds", "Bounds of numbers, dates and times: declared in the schema, or bought where they are not.", [Declared, Bought], Declared),
        MethodOption.Choice("categories", "Categories: declared in the schema, or bought where they are not; rare ones become 'other'.", [Declared, Bought], Declared),
    ];

    /// <summary>As given to a method that knows them.</summary>
    public static DomainOptions Of(MethodOptions options) =>
        new(options.Integer("bins"), options.Text("categories") == Bought, options.Text("bounds") == Bought, options.Text("edges") == Bought);
}
