using SynthStudio.Synthesis.Auto;
using SynthStudio.Synthesis.Constraints;

namespace SynthStudio.Synthesis.Operations;

/// <summary>Operations that only some methods' models have.</summary>
public static class ModelOperations
{
    /// <summary>The model as one that can do <typeparamref name="T"/>.</summary>
    /// <exception cref="SynthesisException">Its method cannot.</exception>
    public static T Require<T>(this ITabularModel model)
        where T : class
    {
        if (model is ChosenModel chosen) return chosen.Inner.Require<T>();
        if (model is not ConstrainedModel constrained)
        {
            return model as T ?? throw new SynthesisException(
                SynthesisError.Unsupported, $"The method '{model.Method}' cannot do this. It can: {Synthesizers.Get(model.Method).Capabilities}.", model.Method);
        }

        constrained.Inner.Require<T>();
        return constrained.Operations as T ?? throw new ArgumentException($"{typeof(T)} is no operation on rows.", nameof(model));
    }
}
