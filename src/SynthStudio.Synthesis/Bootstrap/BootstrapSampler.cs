using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Bootstrap;

/// <summary>Draws rows with replacement from those that meet the conditions.</summary>
internal sealed class BootstrapSampler
{
    private const int BlockRows = 4_096;

    private readonly TableCodec codec;
    private readonly Table rows;
    private readonly int[] eligible;

    /// <param name="codec">Makes fresh keys.</param>
    /// <param name="rows">The training rows.</param>
    /// <param name="given">Conditions by column name.</param>
    /// <exception cref="SynthesisException">A condition is none of the column's, or no training row meets all of them.</exception>
    public BootstrapSampler(TableCodec codec, Table rows, IReadOnlyDictionary<string, Condition> given)
    {
        (this.codec, this.rows) = (codec, rows);
        var conditions = given.Select(pair => Meets(codec.IndexOf(pair.Key), pair.Value)).ToList();
        eligible = [.. Enumerable.Range(0, rows.RowCount).Where(row => conditions.TrueForAll(meets => meets(row)))];
        if (eligible.Length == 0)
            throw new SynthesisException(SynthesisError.ImpossibleCondition, "No training row has the values asked for, and this method only copies rows.");
    }

    public IEnumerable<Table> Blocks(SampleRequest request, CancellationToken cancellation)
    {
        long number = 0;
        for (long first = 0; first < request.Rows; first += BlockRows, number++)
        {
            cancellation.ThrowIfCancellationRequested();
            var random = new SeededStream(request.Seed, StreamPurpose.SampledTokens, number);
            var drawn = new int[(int)Math.Min(BlockRows, request.Rows - first)];
            for (var i = 0; i < drawn.Length; i++) drawn[i] = eligible[random.NextInt(eligible.Length)];
            yield return new Table(codec.Schema, [.. Enumerable.Range(0, codec.Columns.Count).Select(c => Take(c, drawn, first, request.Seed))]);
        }
    }

    private Column Take(int column, int[] drawn, long first, long seed)
    {
        var source = rows.Columns[column];
        if (codec.Columns[column] is not IdentifierCodec keys) return source.Take(drawn);
        var presence = keys.Encode(source.Take(drawn));
        return keys.Decode(presence, new SeededStream(seed, StreamPurpose.DecodedValues, first), first, seed);
    }

    private Predicate<int> Meets(int index, Condition condition)
    {
        // Reads the condition, and refuses what the column cannot have.
        codec.Columns[index].Admit(condition);
        return (condition, rows.Columns[index]) switch
        {
            (NotMissingCondition, var column) => row => !column.IsMissing(row),
            (_, NumericColumn numeric) when ((NumericCodec)codec.Columns[index]).Meets(condition) is var meets => row => meets(numeric.Values[row]),
            (ValuesCondition { Values: var values }, CodedColumn coded) => row => values.Contains(coded.Text(row)),
            (LikeCondition { Value: var drawn }, CodedColumn coded) => row => drawn == coded.Text(row),
            var (_, column) => throw new ArgumentException($"Column '{column.Name}' is neither numeric nor coded.", nameof(index)),
        };
    }
}
