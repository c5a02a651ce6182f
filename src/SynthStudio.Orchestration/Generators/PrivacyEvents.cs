namespace SynthStudio.Orchestration;

/// <summary>What releasing a model says about the table it learned.</summary>
public static class PrivacyEvents
{
    /// <summary>Nothing bounds what was revealed.</summary>
    public const string NonPrivate = "non_private";

    /// <summary>Whether a method's training is differentially private. None of the methods so far is.</summary>
    public static bool IsGuaranteed(TrainingSpec training) => false;

    /// <summary>The event of releasing a model of this training.</summary>
    public static string OfModel(TrainingSpec training) => NonPrivate;
}
