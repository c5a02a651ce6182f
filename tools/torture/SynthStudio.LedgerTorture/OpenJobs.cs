namespace SynthStudio.LedgerTorture;

/// <summary>The jobs of a client and where it believes them to be; chooses what it does next.</summary>
internal sealed class OpenJobs
{
    private const int Most = 12;

    private readonly List<(int Job, int Dataset, bool Touched)> _open = [];
    private readonly List<(int Job, int Dataset)> _ended = [];

    public void Note(Operation operation, bool done)
    {
        if (!done) return;
        var place = _open.FindIndex(o => o.Job == operation.Job);
        switch (operation.Kind)
        {
            case OperationKind.Reserve when place < 0 && operation.Job == operation.Number:
                _open.Add((operation.Job, operation.Dataset, false));
                break;
            case OperationKind.Touch when place >= 0:
                _open[place] = _open[place] with { Touched = true };
                break;
            case OperationKind.Commit or OperationKind.Release when place >= 0:
                _ended.Add((operation.Job, operation.Dataset));
                _open.RemoveAt(place);
                break;
        }
    }

    public Operation Next(int number, Random random)
    {
        var what = random.Next(100);
        if (_open.Count == 0 || (what < 30 && _open.Count < Most)) return New(OperationKind.Reserve);
        if (what < 33) return New(OperationKind.NonPrivate);
        if (what < 35) return New(OperationKind.Raise);
        if (what < 38) return New(OperationKind.Look);

        var one = _open[random.Next(_open.Count)];
        if (what < 48) return About(OperationKind.Reserve); // Asked again.
        if (what < 60) return About(OperationKind.Release); // Refused where the job was let at the data.
        if (what < 66 && _ended.Count > 0) one = (_ended[random.Next(_ended.Count)] is var (job, dataset) ? job : 0, dataset, true);
        return About(one.Touched ? random.Next(3) == 0 ? OperationKind.Touch : OperationKind.Commit : OperationKind.Touch);

        Operation New(OperationKind kind) => new(number, kind, random.Next(Place.Datasets.Length), number);

        Operation About(OperationKind kind) => new(number, kind, one.Dataset, one.Job);
    }
}
