#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <utility>

namespace hearth::gateway {

// Work handed from many threads to one, without locks: a stack that the receiver takes whole and turns round.
class Inbox {
 public:
  using Work = std::move_only_function<void()>;

  Inbox() = default;
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;
  ~Inbox() { destroy(take()); }

  // Any thread. True when the inbox was empty, so that the receiver must be woken.
  bool push(Work work) {
    auto* node = new Node{std::move(work), head_.load(std::memory_order_relaxed)};
    while (!head_.compare_exchange_weak(node->next, node, std::memory_order_acq_rel, std::memory_order_relaxed)) {
    }
    return node->next == nullptr;
  }

  // The receiver's thread: runs what has come, in the order of each sender.
  void run() {
    Node* node = take();
    while (node) {
      std::unique_ptr<Node> current(node);
      node = node->next;
      current->work();
    }
  }

 private:
  struct Node {
    Work work;
    Node* next;
  };
  Node* take() {
    Node* newest = head_.exchange(nullptr, std::memory_order_acq_rel);
    Node* oldest = nullptr;
    while (newest) {
      Node* next = newest->next;
      newest->next = oldest;
      oldest = newest;
      newest = next;
    }
    return oldest;
  }
  static void destroy(Node* node) {
    while (node) {
      std::unique_ptr<Node> current(node);
      node = node->next;
    }
  }

  std::atomic<Node*> head_ = nullptr;
};

}  // namespace hearth::gateway
