global using Orleans;
global using SynthStudio.Orchestration;
