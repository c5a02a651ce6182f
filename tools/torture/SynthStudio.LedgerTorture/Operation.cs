using System.Globalization;

namespace SynthStudio.LedgerTorture;

/// <summary>What a client does to the ledger.</summary>
internal enum OperationKind
{
    Reserve,
    Touch,
    Commit,
    Release,
    NonPrivate,
    Raise,
    Look,
}

/// <summary>The n-th thing a client does.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Dataset">Which data set it is about, from 0.</param>
/// <param name="Job">Number of the operation that reserved the job it is about.</param>
internal readonly record struct Operation(int Number, OperationKind Kind, int Dataset, int Job)
{
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"{Number} {Kind} {Dataset} {Job}");

    public static Operation Parse(string text)
    {
        var parts = text.Split(' ');
        return new(Number(parts[0]), Enum.Parse<OperationKind>(parts[1]), Number(parts[2]), Number(parts[3]));

        static int Number(string part) => int.Parse(part, CultureInfo.InvariantCulture);
    }
}
