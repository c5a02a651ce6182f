namespace SynthStudio.Tabular;

/// <summary>What a model trained on the table would predict; used by utility metrics.</summary>
public enum LearningTask
{
    Binary,
    Multiclass,
    Regression,
}
