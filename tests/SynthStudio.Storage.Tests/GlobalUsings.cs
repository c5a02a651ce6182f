global using SynthStudio.Orchestration;
