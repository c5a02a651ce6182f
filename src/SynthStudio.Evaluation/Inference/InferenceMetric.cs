using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Neighbours;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Inference;

/// <summary>
/// Inference (2211.10459, section 5.3): all of a person is known but one column, which is read off the nearest synthetic row. Categories
/// must be right, numbers within 5 % of the guess. The baseline reads a random synthetic row.
/// </summary>
internal sealed class InferenceMetric(AttackTables tables)
{
    private const double Tolerance = 0.05;

    /// <param name="secrets">The columns to guess.</param>
    public IReadOnlyList<AttackResult> Measure(IReadOnlyList<int> secrets)
    {
        var (train, holdout) = (AttackTables.First(tables.Train, tables.Budget.Targets), AttackTables.First(tables.Holdout, tables.Budget.Targets));
        return [.. secrets.Select(secret => Guess(secret, train, holdout))];
    }

    private AttackResult Guess(int secret, EncodedTable train, EncodedTable holdout)
    {
        int[] known = [.. Enumerable.Range(0, tables.Synthetic.Columns.Count).Where(column => column != secret)];
        var search = new NeighbourSearch(tables.Rows(tables.Synthetic, known));
        var random = new RandomState(tables.Seed + 31 + secret);
        return new AttackTally(
            Hits(train, secret, Guesses(train)),
            train.RowCount,
            Hits(holdout, secret, Guesses(holdout)),
            holdout.RowCount,
            Hits(train, secret, [.. Enumerable.Range(0, train.RowCount).Select(_ => random.Below(tables.Synthetic.RowCount))]))
            .ToResult("inference", tables.Synthetic.Columns[secret].Name);

        int[] Guesses(EncodedTable people) => Array.ConvertAll(tables.Nearest(people, search, 1, known), nearest => nearest[0].Row);
    }

    private int Hits(EncodedTable people, int secret, int[] guesses) =>
        Enumerable.Range(0, people.RowCount).Count(person => IsRight(people, person, guesses[person], secret));

    private bool IsRight(EncodedTable people, int person, int guess, int secret)
    {
        if (!people.Columns[secret].IsNumeric)
        {
            return people.Codes(secret)[person] == tables.Synthetic.Codes(secret)[guess];
        }

        var (truth, guessed) = (people.Numbers(secret)[person], tables.Synthetic.Numbers(secret)[guess]);
        return truth == guessed || (double.IsNaN(truth) && double.IsNaN(guessed)) || Math.Abs(guessed - truth) <= Tolerance * Math.Abs(guessed);
    }
}
