using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>What a request wants of the shares of columns: declared ones, and independence of a target from a sensitive column.</summary>
internal sealed class Balance
{
    private readonly Dictionary<int, Dictionary<ushort, double>> declared = [];
    private readonly (int Target, int Sensitive)? fairness;

    /// <param name="codec">The table's codec.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="given">By modelled column: a cell that all rows have.</param>
    /// <exception cref="SynthesisException">A column or value is unknown, shares do not add up, a value has two of them, or a column is also given.</exception>
    public Balance(TableCodec codec, SampleRequest request, ushort[] given)
    {
        if (request.Fairness is { } fair)
        {
            if (fair.Target == fair.Sensitive) throw Refuse("The target and the sensitive column must be two columns.", fair.Target);
            fairness = (Learned(fair.Target), Learned(fair.Sensitive));
        }

        foreach (var (name, shares) in request.Rebalance)
        {
            if (shares.Count == 0 || shares.Values.Any(share => !(share is >= 0 and <= 1)) || shares.Values.Sum() > 1 + 1e-9)
                throw Refuse($"The shares of '{name}' must be numbers from 0 to 1 that add up to at most 1.", name);
            var column = codec.Columns[codec.IndexOf(name)];
            declared[Learned(name)] = ByCell(column, shares);
        }

        Columns = [.. new[] { fairness?.Target, fairness?.Sensitive }.OfType<int>().Union(declared.Keys)];
        if (Columns.FirstOrDefault(c => given[c] != Cell.Unset, -1) is var both and >= 0)
            throw Refuse("A column cannot be given one value and be balanced.", codec.Columns[codec.Modelled[both]].Schema.Name);

        int Learned(string name) => codec.IndexOf(name) is var column && codec.ModelledIndexOf(name) is var c and >= 0
            ? c
            : throw Refuse($"Column '{codec.Columns[column].Schema.Name}' does not vary: it cannot be balanced.", name);
    }

    /// <summary>The columns concerned.</summary>
    public IReadOnlyList<int> Columns { get; }

    /// <summary>Changes weights of combinations that begin with the cells of <see cref="Columns"/> to what is wanted.</summary>
    /// <exception cref="SynthesisException">All of it cannot hold at once.</exception>
    public void Apply(IReadOnlyList<ushort[]> cells, double[] weights)
    {
        if (Columns.Count == 0) return;
        (int, int)? independent = fairness is null ? null : (0, 1);
        if (independent is not null) Operations.Shares.Separate(cells, weights, 0, 1);
        Operations.Shares.Fit(
            cells, weights,
            [.. Columns.Select((c, place) => declared.TryGetValue(c, out var shares) ? Wanted(shares, cells, weights, place) : null)],
            independent);
    }

    /// <summary>The declared shares; what they leave goes to the other cells as they are.</summary>
    private static double[] Wanted(Dictionary<ushort, double> shares, IReadOnlyList<ushort[]> cells, double[] weights, int place)
    {
        var found = new double[1 + Math.Max(cells.Max(combination => combination[place]), shares.Keys.Max())];
        for (var i = 0; i < weights.Length; i++) found[cells[i][place]] += weights[i];
        var others = Enumerable.Range(0, found.Length).Where(cell => found[cell] > 0 && !shares.ContainsKey((ushort)cell)).Sum(cell => found[cell]);
        var left = 1 - shares.Values.Sum();
        if (left > 1e-6 && !(others > 0)) throw Refuse("The shares must add up to 1: there are no other values.", null);
        for (var cell = 0; cell < found.Length; cell++)
            found[cell] = shares.TryGetValue((ushort)cell, out var share) ? share : found[cell] > 0 ? Math.Max(left, 0) * found[cell] / others : 0;
        return found;
    }

    /// <summary>One value may have several spellings, such as 1 and 1.0.</summary>
    private static Dictionary<ushort, double> ByCell(ColumnCodec column, IReadOnlyDictionary<string, double> shares)
    {
        var spelled = new Dictionary<ushort, string>();
        foreach (var value in shares.Keys)
        {
            var cell = OnlyCell(column, value);
            if (!spelled.TryAdd(cell, value))
                throw Refuse($"'{spelled[cell]}' and '{value}' are one value of '{column.Schema.Name}': give it one share.", column.Schema.Name);
        }

        return spelled.ToDictionary(cell => cell.Key, cell => shares[cell.Value]);
    }

    private static ushort OnlyCell(ColumnCodec column, string value)
    {
        var shares = column.Admit(Condition.Is(value)).Shares;
        var cell = Array.FindIndex(shares, share => share > 0);
        return shares[cell] > 0.999
            ? (ushort)cell
            : throw Refuse($"'{value}' is not frequent enough to be balanced: the model only knows the range around it.", column.Schema.Name);
    }

    private static SynthesisException Refuse(string message, string? subject) => new(SynthesisError.OptionOutOfRange, message, subject);
}
