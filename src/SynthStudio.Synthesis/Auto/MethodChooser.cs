using System.Globalization;
using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Cart;
using SynthStudio.Synthesis.Copula;

namespace SynthStudio.Synthesis.Auto;

/// <summary>A method, why it was chosen, and what it is expected to cost.</summary>
internal sealed record MethodChoice(string Reason, MethodCost Cost)
{
    public string Method => Cost.Method;
}

/// <summary>
/// Chooses the first method, in the order of what was measured, that fits into the time and the memory there are.
/// <list type="bullet">
/// <item>Plain rows: on the public tables of <c>tools/bench quality</c> rows of the network could be told from real ones least (C2ST AUC .51, .52 and
/// .59 on tables of 24,000, 6,000 and 15,000 rows; trees .52, .57 and .71; the copula .85 to .99), in one to three minutes; trees take seconds.</item>
/// <item>Rows under conditions: the network draws them directly whatever they are; the copula does too and knows pairs of columns only;
/// trees wait for rows that happen to meet them.</item>
/// <item>Tables that do not fit into memory: the network alone learns all of their rows.</item>
/// </list>
/// </summary>
internal static class MethodChooser
{
    private static readonly string[] ForRows = [AutoregressiveSynthesizer.Name, CartSynthesizer.Name, CopulaSynthesizer.Name];
    private static readonly string[] ForConditions = [AutoregressiveSynthesizer.Name, CopulaSynthesizer.Name, CartSynthesizer.Name];

    /// <summary>The share of the time and of the memory that an estimate may take.</summary>
    private const double Share = 0.8;

    public static MethodChoice Choose(TableFacts facts, bool forConditions)
    {
        var passedOver = new List<string>();
        var costs = Array.ConvertAll(forConditions ? ForConditions : ForRows, method => MethodCosts.Of(method, facts));
        if (facts.GoesOn) return Chosen(costs[0], "it alone left the checkpoint that this training goes on from", facts, passedOver);
        foreach (var cost in costs)
        {
            if (WhyNot(cost, facts) is { } obstacle) passedOver.Add($"{cost.Method} {obstacle}");
            else return Chosen(cost, passedOver.Count == 0 ? Strength(cost.Method, forConditions) : "the best measured that fits", facts, passedOver);
        }

        return facts.Device == Device.Cuda
            ? Chosen(costs[0], "nothing fits, and it alone computes on a GPU; costs are a CPU's", facts, passedOver)
            : Chosen(costs.MinBy(cost => cost.Time)!, "nothing fits, and this is the fastest", facts, passedOver);
    }

    private static string? WhyNot(MethodCost cost, TableFacts facts) =>
        facts.Device == Device.Cuda && cost.Method != AutoregressiveSynthesizer.Name ? "computes on the CPU only"
        : facts.RowsInMemory < facts.Rows && cost.Method != AutoregressiveSynthesizer.Name ? FormattableString.Invariant($"would learn {facts.RowsInMemory:N0} of the rows only")
        : facts.MaxTime is { } limit && cost.Time > limit * Share ? $"would take about {Seconds(cost.Time)}{(facts.Device == Device.Cuda ? " of a CPU" : "")} where {Seconds(limit)} are given"
        : cost.MemoryBytes > facts.MemoryBytes * Share ? $"would need about {Megabytes(cost.MemoryBytes)} of the {Megabytes(facts.MemoryBytes)} there are"
        : null;

    private static string Strength(string method, bool forConditions) =>
        forConditions ? "the network draws rows under any conditions directly" : "its rows were the hardest to tell from real ones on public tables";

    private static MethodChoice Chosen(MethodCost cost, string why, TableFacts facts, List<string> passedOver)
    {
        var reason = FormattableString.Invariant($"{cost.Method}: {why}; about {Seconds(cost.Time)} and {Megabytes(cost.MemoryBytes)} for ")
            + FormattableString.Invariant($"{facts.Rows:N0} rows, {facts.Numbers} columns of numbers and {facts.Categories} of categories, ")
            + FormattableString.Invariant($"on {facts.Threads} threads of a CPU{(facts.Device == Device.Cuda ? ", since none was measured on a GPU" : "")}.");
        return new MethodChoice(passedOver.Count == 0 ? reason : $"{reason} Passed over: {string.Join("; ", passedOver)}.", cost);
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(time.TotalSeconds < 10 ? "0.#" : "0", CultureInfo.InvariantCulture) + " s";

    private static string Megabytes(long bytes) => (bytes >> 20).ToString(CultureInfo.InvariantCulture) + " MB";
}
