using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Training;

/// <summary>Named views into a flat parameter vector; trainable ones collect their gradients in a flat vector of their own.</summary>
internal sealed class ParameterSet : IDisposable
{
    private readonly Dictionary<string, Parameter> views = new(StringComparer.Ordinal);

    /// <param name="layout">Where each parameter lies.</param>
    /// <param name="flat">[layout.Count]; shared, not owned.</param>
    /// <param name="trainable">Whether to collect gradients.</param>
    public ParameterSet(ParameterLayout layout, Tensor flat, bool trainable)
    {
        Gradient = trainable ? zeros_like(flat).DetachFromDisposeScope() : null;
        foreach (var spec in layout.Specs)
        {
            var offset = layout.OffsetOf(spec.Name);
            using var slice = flat.narrow(0, offset, spec.Count);
            using var view = slice.view(spec.Shape);
            var leaf = new Parameter(view.detach(), trainable);
            if (Gradient is not null)
            {
                using var gradientSlice = Gradient.narrow(0, offset, spec.Count);
                leaf.grad = gradientSlice.view(spec.Shape);
            }

            views.Add(spec.Name, leaf);
            leaf.DetachFromDisposeScope();
        }
    }

    /// <summary>The parameter called <paramref name="name"/>, sharing the flat vector's memory.</summary>
    public Parameter this[string name] => views[name];

    /// <summary>Flat gradient, in the layout's order; null unless trainable.</summary>
    public Tensor? Gradient { get; }

    public void Dispose()
    {
        foreach (var view in views.Values) view.Dispose();
        Gradient?.Dispose();
    }
}
