// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Optimizers;

/// <summary>A parameter under training.</summary>
/// <param name="Name">Its name in checkpoints.</param>
/// <param name="Value">The parameter.</param>
/// <param name="Decays">Whether weight decay applies to it.</param>
public sealed record TrainedParameter(string Name, Parameter Value, bool Decays);

/// <summary>
/// An update rule whose whole state is a set of named tensors, so that a checkpoint can hold it and a resumed run goes on with the
/// same bits.
/// </summary>
public abstract class Optimizer : IDisposable
{
    private readonly SortedDictionary<string, Tensor> state = new(StringComparer.Ordinal);
    private readonly List<Optimizer> included = [];

    /// <summary>A rule over some parameters.</summary>
    protected Optimizer(IReadOnlyList<TrainedParameter> parameters, OptimizerSpec spec)
    {
        Parameters = parameters;
        WeightDecay = spec.WeightDecay;
    }

    /// <summary>The second moments of a parameter's gradients; null for rules without.</summary>
    public Tensor? SecondMomentOf(string parameter) => state.GetValueOrDefault($"{AdamOptimizer.Second}.{parameter}");

    /// <summary>The state by name, for checkpoints: <c>moment.parameter</c>.</summary>
    public IReadOnlyDictionary<string, Tensor> State => state;

    /// <summary>What is trained.</summary>
    protected IReadOnlyList<TrainedParameter> Parameters { get; }

    /// <summary>Coefficient of the L2 penalty.</summary>
    protected double WeightDecay { get; }

    /// <summary>The rule of a recipe.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rule.</exception>
    public static Optimizer Of(OptimizerSpec spec, IReadOnlyList<TrainedParameter> parameters) => spec switch
    {
        SgdSpec sgd => new SgdOptimizer(parameters, sgd),
        AdamSpec adam => new AdamOptimizer(parameters, adam),
        ShiftAdaMaxSpec adaMax => new ShiftAdaMaxOptimizer(parameters, adaMax),
        BopSpec bop => new BopOptimizer(parameters, bop),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec, "not an optimizer"),
    };

    /// <summary>Forgets all gradients.</summary>
    public void ZeroGradients()
    {
        included.ForEach(other => other.ZeroGradients());
        foreach (TrainedParameter parameter in Parameters)
        {
            parameter.Value.grad = null;
        }
    }

    /// <summary>One update of every parameter that has a gradient.</summary>
    /// <param name="learningRate">The rate of this step.</param>
    /// <param name="step">Steps before this one, counted from 0 in the phase.</param>
    public void Step(double learningRate, long step)
    {
        included.ForEach(other => other.Step(learningRate, step));
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach (TrainedParameter parameter in Parameters)
        {
            if (parameter.Value.grad is Tensor gradient)
            {
                Tensor decayed = WeightDecay != 0 && parameter.Decays ? gradient.add(parameter.Value * WeightDecay) : gradient;
                Update(parameter, decayed, learningRate, step);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in state.Values)
        {
            tensor.Dispose();
        }
        GC.SuppressFinalize(this);
    }

    /// <summary>The rule for one parameter; its gradient already has the penalty.</summary>
    protected abstract void Update(TrainedParameter parameter, Tensor gradient, double learningRate, long step);

    /// <summary>Steps another rule, for other parameters, with this one; its state is part of this one's, which disposes of it.</summary>
    protected void Include(Optimizer other)
    {
        included.Add(other);
        foreach ((string name, Tensor tensor) in other.state)
        {
            state.Add(name, tensor);
        }
    }

    /// <summary>A state tensor of the parameter's shape, zero at first.</summary>
    protected Tensor StateOf(string moment, TrainedParameter parameter)
    {
        string key = $"{moment}.{parameter.Name}";
        if (!state.TryGetValue(key, out Tensor? tensor))
        {
            tensor = zeros_like(parameter.Value).DetachFromDisposeScope();
            state.Add(key, tensor);
        }
        return tensor;
    }

    /// <summary>Makes all state tensors, so that a checkpoint finds the same names before the first step as after it.</summary>
    protected void CreateState(params ReadOnlySpan<string> moments)
    {
        foreach (string moment in moments)
        {
            foreach (TrainedParameter parameter in Parameters)
            {
                StateOf(moment, parameter);
            }
        }
    }
}
