using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Cart;

/// <summary>
/// Sequential trees: every column is drawn from the leaf of a classification tree on the columns drawn before it (Reiter 2005; the R
/// package synthpop), with leaves of a minimum size, a test for every split, continuous values smoothed within leaves, and rare values
/// left out. Seconds on a CPU, conditions by rejection.
/// </summary>
/// <param name="time">The clock of progress.</param>
public sealed class CartSynthesizer(TimeProvider time) : ISynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "cart";

    /// <summary>Processor time to look at one row and one pair of columns while a tree grows.</summary>
    private const double PairSeconds = 1.8e-7;

    public string Method => Name;

    public string Summary => "Sequential trees: fast and faithful on a CPU; conditions by rejection.";

    public Capabilities Capabilities => Capabilities.Given;

    public MemoryNeed Memory => MemoryNeed.Megabytes(150, 1);

    public IReadOnlyList<MethodOption> Options => CartOptions.Known;

    public TimeNeed? Time(TrainingSize size, IReadOnlyDictionary<string, string> options)
    {
        var predictors = Math.Min(size.Columns / 2.0, CartOptions.Parse(options).MaxPredictors);
        return TimeNeed.Of(size, size.CellsInMemory, PairSeconds * size.CellsInMemory * predictors);
    }

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = CartOptions.Parse(request.Options);
        return new TimeLimit(Name, request, time).Whole(stop => Fit(table, request, options, observer, stop), cancellation);
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads)
    {
        CellTable.RequireCpu(device);
        return CartModel.Load(package, CellTable.Threads(threads));
    }

    private CartModel Fit(Table table, FitRequest request, CartOptions options, ITrainingObserver observer, CancellationToken cancellation)
    {
        var data = CellTable.Encode(table, request, options.ProtectRare, observer, cancellation);
        var threads = CellTable.Threads(request.Threads);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        observer.Report(new TrainingProgress("train", 0));
        var began = time.GetTimestamp();
        var orders = data.Codec.Modelled.Select(c => CellOrder.Of(data.Codec.Columns[c])).ToArray();
        var order = ColumnOrder.Choose(data, orders, options.MaxPredictors, parallel);
        var trees = Grow(data, orders, order, options, observer, parallel);
        var metrics = new Dictionary<string, double>
        {
            ["training_seconds"] = time.GetElapsedTime(began).TotalSeconds,
            ["leaves"] = trees.Sum(tree => tree.Leaves),
        };
        return new CartModel(data.Codec, order, trees, options.Smoothing, metrics, threads);
    }

    /// <summary>The trees, side by side: each looks at training rows only, none at what another draws.</summary>
    private Tree[] Grow(
        CellTable data, CellOrder[] orders, ColumnOrder order, CartOptions options, ITrainingObserver observer, ParallelOptions parallel)
    {
        var shapes = data.Layouts.Select((layout, c) => PredictorBins.Create(layout, orders[c])).ToArray();
        var bins = data.Cells.Select((cells, c) => shapes[c].Of(cells)).ToArray();
        var trees = new Tree[order.Columns.Length];
        var began = time.GetTimestamp();
        var progress = new Lock();
        var done = 0;

        // The later a column comes, the more it looks at: the longest work is begun first.
        Parallel.For(0, trees.Length, parallel, i =>
        {
            var position = trees.Length - 1 - i;
            var column = order.Columns[position];
            var layout = data.Layouts[column];
            var predictors = order.Predictors[position];
            var grower = new TreeGrower(
                data.Cells[column], layout.Cells, layout.Drawable, orders[column],
                Array.ConvertAll(predictors, p => bins[p]), Array.ConvertAll(predictors, p => shapes[p]), options);
            trees[position] = grower.Grow(parallel.CancellationToken);
            lock (progress)
            {
                var share = (double)++done / trees.Length;
                observer.Report(new TrainingProgress("train", share, Remaining: time.GetElapsedTime(began) * ((1 - share) / share)));
            }
        });
        return trees;
    }
}
