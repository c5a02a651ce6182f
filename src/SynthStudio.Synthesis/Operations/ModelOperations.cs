using SynthStudio.Synthesis.Constraints;

namespace SynthStudio.Synthesis.Operations;

/// <summary>Operations that only some methods' models have.</summary>
public static class ModelOperations
{
    /// <summary>The model as one that can do <typeparamref name="T"/>.</summary>
    /// <exception cref="SynthesisException">Its method cannot, or it learned its rows in another form than they are written in.</exception>
    public static T Require<T>(this ITabularModel model)
        where T : class
    {
        if (model is not ConstrainedModel constrained)
        {
            return model as T ?? throw new SynthesisException(
                SynthesisError.Unsupported, $"The method '{model.Method}' cannot do this. It can: {Synthesizers.Get(model.Method).Capabilities}.", model.Method);
        }

        constrained.Inner.Require<T>();
        return constrained.Operations as T ?? throw new SynthesisException(
            SynthesisError.Unsupported, "The model learned its rows in a form that keeps the rules of their schema: it cannot read rows yet, only draw them.", model.Method);
    }
}
